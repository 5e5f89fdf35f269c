/** A text on its way: what is written here, and what the server is known to hold. */

export interface Text {
  readonly title: string;
  readonly content: string;
}

/** What the server held when it was last heard of. */
export interface Held extends Text {
  readonly etag: string;
}

export interface Draft extends Text {
  /** The entry's id, made here, so that sending twice makes one entry. */
  readonly id: string;
  readonly person: string;
  readonly journal: string | null;
  readonly prompt: string | null;
  /** When and where it was begun; its moment on the timeline. */
  readonly begun: string;
  readonly zone: string;
  /** Whether pictures wait for it: then it is an entry even without a word. */
  readonly pictured: boolean;
  /** Null until the server has the entry. */
  readonly held: Held | null;
  /** Fingerprints of texts sent without an answer: a change to one of them was ours. */
  readonly sent: readonly string[];
  /** Counts up with every change here. */
  readonly turn: number;
}

export function same(one: Text | null, other: Text | null): boolean {
  return one?.title === other?.title && one?.content === other?.content;
}

/** Whether the server lacks something that is written here. */
export function isAhead(draft: Draft): boolean {
  return (draft.content.trim() !== '' || draft.pictured) && !same(draft.held, draft);
}

/** Tells texts apart (cyrb53 and the length); not for secrets. */
export function fingerprint({ title, content }: Text): string {
  const text = `${title}\n${content}`;
  let one = 0xdeadbeef;
  let other = 0x41c6ce57;
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    one = Math.imul(one ^ unit, 2654435761);
    other = Math.imul(other ^ unit, 1597334677);
  }
  one = Math.imul(one ^ (one >>> 16), 2246822507) ^ Math.imul(other ^ (other >>> 13), 3266489909);
  other = Math.imul(other ^ (other >>> 16), 2246822507) ^ Math.imul(one ^ (one >>> 13), 3266489909);
  return `${text.length}-${(4294967296 * (2097151 & other) + (one >>> 0)).toString(36)}`;
}
