import { openTable } from './database.ts';
import type { Draft } from './draft.ts';

/** Keeps drafts on this device until the server has them. */
export interface Shelf {
  put(draft: Draft): Promise<void>;
  remove(id: string): Promise<void>;
  /** A person's drafts, oldest first. */
  all(person: string): Promise<Draft[]>;
}

/** The shelf in IndexedDB; rejects when this browser keeps nothing (private mode, full disk). */
export async function openShelf(factory: IDBFactory = indexedDB): Promise<Shelf> {
  const drafts = await openTable('journiv', 'drafts', factory);
  return {
    async put(draft) {
      await drafts.ask('readwrite', (records) => records.put(draft));
    },
    async remove(id) {
      await drafts.ask('readwrite', (records) => records.delete(id));
    },
    async all(person) {
      const found: Draft[] = await drafts.ask('readonly', (records) => records.getAll());
      const own = found.filter((draft) => draft.person === person);
      return own.sort((one, other) => (one.begun < other.begun ? -1 : 1));
    },
  };
}
