/** What other apps share with this one: the service worker puts it where the page finds it. */

export interface Shared {
  readonly text: string;
  readonly files: readonly File[];
}

/** As in `worker.ts`. */
const CACHE = 'shared';
const KEY = '/share';

/** What was shared last; null when there is nothing. */
export async function shared(): Promise<Shared | null> {
  if (!('caches' in window)) return null;
  const kept = await (await caches.open(CACHE)).match(KEY);
  if (!kept) return null;
  const form = await kept.formData();
  const told = ['title', 'text', 'url'].map((name) => form.get(name));
  const words = told.filter((one) => typeof one === 'string' && one.trim() !== '');
  const files = form.getAll('files').filter((one) => one instanceof File && one.size > 0);
  return { text: words.join('\n\n'), files: files as File[] };
}

export async function forgetShared(): Promise<void> {
  await caches.delete(CACHE);
}
