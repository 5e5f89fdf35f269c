import { Problem } from '../api/problem.ts';
import { fingerprint, isAhead, same, type Draft, type Held, type Text } from './draft.ts';

/** The server, as far as writing needs it. Every method raises `Problem`. */
export interface Entries {
  create(draft: Draft): Promise<Held>;
  /** Replaces the text of an entry that still is `etag`. */
  replace(id: string, text: Text, etag: string): Promise<Held>;
  read(id: string): Promise<Held>;
}

/** What became of sending; `theirs` is the other text of a conflict. */
export type Outcome =
  | { readonly state: 'saved'; readonly draft: Draft }
  | { readonly state: 'conflict'; readonly draft: Draft; readonly theirs: Held };

/**
 * Sends a draft so that the server ends up with it exactly once.
 *
 * `keep` is awaited with the draft marked as sent before anything leaves: after a lost answer, or a
 * reload in between, the server's text can be told from somebody else's change. Raises `Problem`.
 */
export async function send(
  draft: Draft,
  entries: Entries,
  keep: (draft: Draft) => Promise<void>,
): Promise<Outcome> {
  if (!isAhead(draft)) return { state: 'saved', draft };
  const text: Text = { title: draft.title, content: draft.content };
  const marked = { ...draft, sent: [...new Set([...draft.sent, fingerprint(text)])] };
  await keep(marked);
  try {
    const held = draft.held
      ? await entries.replace(draft.id, text, draft.held.etag)
      : await entries.create(draft);
    return { state: 'saved', draft: { ...draft, held, sent: [] } };
  } catch (error) {
    if (!(error instanceof Problem) || error.kind !== 'conflict') throw error;
    return settle(marked, text, entries, keep);
  }
}

/** The server's text is not the one expected: find out whose change it was. */
async function settle(
  draft: Draft,
  text: Text,
  entries: Entries,
  keep: (draft: Draft) => Promise<void>,
): Promise<Outcome> {
  const there = await entries.read(draft.id);
  if (same(there, text)) return { state: 'saved', draft: { ...draft, held: there, sent: [] } };
  if (!draft.sent.includes(fingerprint(there))) return { state: 'conflict', draft, theirs: there };
  return send({ ...draft, held: there, sent: [] }, entries, keep);
}
