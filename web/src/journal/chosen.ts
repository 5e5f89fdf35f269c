import type { Journal } from '../api/client.ts';

/** The journal this browser last wrote into; a new text goes there. */

const CHOSEN = 'journal';

export function chosenJournal(): string | null {
  try {
    return localStorage.getItem(CHOSEN);
  } catch {
    return null;
  }
}

export function chooseJournal(id: string): void {
  try {
    localStorage.setItem(CHOSEN, id);
  } catch {
    // Storage is off in this browser: the next text begins in the oldest journal again.
  }
}

type Open = Pick<Journal, 'id' | 'created_at' | 'is_archived'>;

/** Where a new text goes: the journal chosen last, else the oldest, which no import brought. */
export function journalToWriteIn<T extends Open>(journals: readonly T[]): T | undefined {
  const open = journals.filter((journal) => !journal.is_archived);
  const chosen = chosenJournal();
  const oldest = (one: T, other: T): T => (other.created_at < one.created_at ? other : one);
  return open.find((journal) => journal.id === chosen) ?? (open.length ? open.reduce(oldest) : undefined);
}
