import { api, body } from '../../api/client.ts';
import { page } from '../../app/pages.svelte.ts';

const TAGS = 12;

/** The days of a year on which each of the most used tags stands. Raises `Problem`. */
export async function taggedDays(year: string): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  const tags = await body(api.GET('/api/v1/tags/popular', { params: { query: { limit: TAGS } } }));
  const dated = tags.map(async (tag) => [tag.name, await datesOf(tag.id, year)] as const);
  return new Map(await Promise.all(dated));
}

async function datesOf(tag_id: string, year: string): Promise<ReadonlySet<string>> {
  const dates = new Set<string>();
  let after: string | null | undefined;
  do {
    const query = { limit: 100, ...(after ? { after } : {}) };
    const params = { path: { tag_id }, query };
    const part = await page(api.GET('/api/v1/tags/{tag_id}/entries', { params }));
    for (const { entry_date } of part.items) if (entry_date.startsWith(year)) dates.add(entry_date);
    const last = part.items.at(-1);
    after = last && last.entry_date.slice(0, 4) >= year ? part.after : null;
  } while (after);
  return dates;
}
