/** Databases of this browser, one table each. */

/** Opens the table `name` of records with an `id`; rejects where this browser keeps nothing. */
export function openTable(
  database: string,
  name: string,
  factory: IDBFactory = indexedDB,
): Promise<Table> {
  return new Promise((resolve, reject) => {
    const request = factory.open(database, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(name, { keyPath: 'id' });
    request.onsuccess = () => resolve(new Table(request.result, name));
    request.onerror = () => reject(request.error ?? new Error('not opened'));
  });
}

export class Table {
  constructor(
    private readonly database: IDBDatabase,
    private readonly name: string,
  ) {}

  /** Asks something of the table; resolves when the transaction is complete: only then the device has it. */
  ask<T>(mode: IDBTransactionMode, question: (records: IDBObjectStore) => IDBRequest<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      const transaction = this.database.transaction(this.name, mode, { durability: 'strict' });
      const request = question(transaction.objectStore(this.name));
      transaction.oncomplete = () => resolve(request.result);
      transaction.onabort = () => reject(transaction.error ?? new Error('aborted'));
    });
  }
}
