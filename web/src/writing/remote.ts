import { api, type Entry } from '../api/client.ts';
import { problemFrom } from '../api/problem.ts';
import { titleOf } from '../journal/titles.ts';
import type { Draft, Held, Text } from './draft.ts';
import type { Entries } from './sending.ts';

/** An entry of pictures alone: the server wants a text, an empty line is one. */
const NO_WORDS = '\n';
const JSON_TYPE = { 'Content-Type': 'application/json' };

/** The entries of the server. */
export const entries: Entries = {
  async create(draft: Draft): Promise<Held> {
    const { data, error, response } = await api.POST('/api/v1/entries/', {
      body: {
        id: draft.id,
        journal_id: draft.journal ?? '',
        prompt_id: draft.prompt,
        entry_datetime_utc: draft.begun,
        entry_timezone: draft.zone,
        title: draft.title || titleOf(draft.content),
        content: draft.content || NO_WORDS,
      },
    });
    if (!data) throw problemFrom(response, error);
    return heldOf(data, response, draft);
  },

  async replace(id: string, text: Text, etag: string): Promise<Held> {
    const { data, error, response } = await api.PUT('/api/v1/entries/{entry_id}', {
      params: { path: { entry_id: id } },
      headers: { ...JSON_TYPE, 'If-Match': etag },
      body: { title: text.title || titleOf(text.content), content: text.content || NO_WORDS },
    });
    if (!data) throw problemFrom(response, error);
    return heldOf(data, response, text);
  },

  async read(id: string): Promise<Held> {
    return (await openEntry(id)).held;
  },
};

/** Puts an entry that still is `etag` into another journal. Raises `Problem`. */
export async function moveEntry(id: string, journal: string, held: Held): Promise<Held> {
  const { data, error, response } = await api.PUT('/api/v1/entries/{entry_id}', {
    params: { path: { entry_id: id } },
    headers: { ...JSON_TYPE, 'If-Match': held.etag },
    body: { journal_id: journal },
  });
  if (!data) throw problemFrom(response, error);
  return { ...held, etag: response.headers.get('etag') ?? '' };
}

/** An entry with all the server tells of it, and its text as it is written here. Raises `Problem`. */
export async function openEntry(id: string): Promise<{ entry: Entry; held: Held }> {
  const { data, error, response } = await api.GET('/api/v1/entries/{entry_id}', {
    params: { path: { entry_id: id } },
  });
  if (!data) throw problemFrom(response, error);
  return { entry: data, held: heldOf(data, response, null) };
}

/** A title the app made up is no title here: a text may go on without one. */
function heldOf(entry: Entry, response: Response, ours: Text | null): Held {
  const madeUp = ours?.title === '' || (!ours && entry.title === titleOf(entry.content));
  return {
    title: madeUp ? '' : entry.title,
    content: ours && ours.content.trim() === entry.content.trim() ? ours.content : entry.content,
    etag: response.headers.get('etag') ?? '',
  };
}
