import { openTable } from '../writing/database.ts';
import type { Attachment } from './attachment.ts';

/** Keeps attachments on this device until the server has them. */
export interface AttachmentStore {
  put(attachment: Attachment): Promise<void>;
  remove(id: string): Promise<void>;
  /** A person's attachments, in the order they are to be sent. */
  all(person: string): Promise<Attachment[]>;
}

/** Attachments in IndexedDB; rejects when this browser keeps nothing. */
export async function openAttachments(factory: IDBFactory = indexedDB): Promise<AttachmentStore> {
  const attachments = await openTable('journiv-media', 'attachments', factory);
  return {
    async put(attachment) {
      await attachments.ask('readwrite', (records) => records.put(attachment));
    },
    async remove(id) {
      await attachments.ask('readwrite', (records) => records.delete(id));
    },
    async all(person) {
      const found: Attachment[] = await attachments.ask('readonly', (records) => records.getAll());
      const own = found.filter((attachment) => attachment.person === person);
      return own.sort((one, other) => one.order - other.order);
    },
  };
}
