import type { Draft } from './draft.ts';

/** Keeps drafts on this device until the server has them. */
export interface Shelf {
  put(draft: Draft): Promise<void>;
  remove(id: string): Promise<void>;
  /** A person's drafts, oldest first. */
  all(person: string): Promise<Draft[]>;
}

const NAME = 'journiv';
const DRAFTS = 'drafts';
const VERSION = 1;

/** The shelf in IndexedDB; rejects when this browser keeps nothing (private mode, full disk). */
export async function openShelf(factory: IDBFactory = indexedDB): Promise<Shelf> {
  const database = await connect(factory);
  return {
    async put(draft) {
      await finished(database, 'readwrite', (drafts) => drafts.put(draft));
    },
    async remove(id) {
      await finished(database, 'readwrite', (drafts) => drafts.delete(id));
    },
    async all(person) {
      const found: Draft[] = await finished(database, 'readonly', (drafts) => drafts.getAll());
      const own = found.filter((draft) => draft.person === person);
      return own.sort((one, other) => (one.begun < other.begun ? -1 : 1));
    },
  };
}

/** Resolves when the transaction is complete: only then the device has it. */
function finished<T>(
  database: IDBDatabase,
  mode: IDBTransactionMode,
  ask: (drafts: IDBObjectStore) => IDBRequest<T>,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const transaction = database.transaction(DRAFTS, mode, { durability: 'strict' });
    const request = ask(transaction.objectStore(DRAFTS));
    transaction.oncomplete = () => resolve(request.result);
    transaction.onabort = () => reject(transaction.error ?? new Error('aborted'));
  });
}

function connect(factory: IDBFactory): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = factory.open(NAME, VERSION);
    request.onupgradeneeded = () => request.result.createObjectStore(DRAFTS, { keyPath: 'id' });
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error('not opened'));
  });
}
