/** A picture, sound or film on its way into an entry, as this device keeps it. */
export interface Attachment {
  readonly id: string;
  readonly entry: string;
  readonly person: string;
  readonly name: string;
  readonly file: Blob;
  /** What is to be seen on it, for those who do not see it. */
  readonly alt: string;
  /** Attachments are sent in this order. */
  readonly order: number;
  /** The upload under way at the server, and how many bytes of it are known to be there. */
  readonly upload: string | null;
  readonly received: number;
  /** How often an upload was begun: each beginning happens once, however often it is asked for. */
  readonly beginnings: number;
  /** Why it was not taken; null while there is hope. */
  readonly refusal: Refusal | null;
}

export type Refusal = 'size' | 'type' | 'broken' | 'full' | 'gone';

export function fresh(id: string, entry: string, person: string, file: File, order: number): Attachment {
  return {
    id,
    entry,
    person,
    name: file.name,
    file,
    alt: '',
    order,
    upload: null,
    received: 0,
    beginnings: 0,
    refusal: isFit(file) ? null : 'type',
  };
}

/** What a browser calls by no name may be anything: the server looks at the bytes. */
function isFit(file: File): boolean {
  return file.type === '' || /^(?:image\/(?!svg)|audio\/|video\/|application\/pdf$)/.test(file.type);
}
