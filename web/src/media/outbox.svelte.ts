import { Problem } from '../api/problem.ts';
import type { Medium } from '../api/client.ts';
import { session } from '../api/session.svelte.ts';
import { exclusively } from '../app/exclusive.ts';
import { desk } from '../writing/desk.svelte.ts';
import { newId } from '../writing/ids.ts';
import { fresh, type Attachment } from './attachment.ts';
import { giveUp, refusalOf, uploads, describe } from './remote.ts';
import { openAttachments, type AttachmentStore } from './store.ts';
import { upload } from './uploading.ts';

const AGAIN = 5000;
const LOCK = 'journiv-media';

export type SendingState = 'waiting' | 'sending' | 'offline' | 'refused';

/** One attachment as the screen shows it on its way. */
export class Sending {
  state: SendingState = $state('waiting');
  attachment: Attachment = $state.raw() as Attachment;
  /** How it looks, from this device. */
  readonly preview: string;
  readonly stop: AbortController = new AbortController();

  constructor(attachment: Attachment) {
    this.attachment = attachment;
    this.preview = URL.createObjectURL(attachment.file);
    if (attachment.refusal) this.state = 'refused';
  }

  /** From 0 to 1. */
  get progress(): number {
    return this.attachment.received / this.attachment.file.size;
  }
}

/** A medium that was sent from here a moment ago, and how it looks until the server has made pictures. */
export interface Sent {
  readonly medium: Medium;
  readonly preview: string;
}

/** Sends attachments in order, one at a time, each after the text of its entry. */
class Outbox {
  sendings: readonly Sending[] = $state.raw([]);
  sent: readonly Sent[] = $state.raw([]);
  /** False when this browser keeps nothing. */
  keeps: boolean = $state(true);
  #store: Promise<AttachmentStore | null> | null = null;
  #running: Promise<void> | null = null;
  #again: ReturnType<typeof setTimeout> | undefined;

  of(entry: string): readonly Sending[] {
    return this.sendings.filter(({ attachment }) => attachment.entry === entry);
  }

  /** Takes files for an entry; they are kept here at once, and sent. */
  async add(entry: string, files: Iterable<File>): Promise<void> {
    const person = session.person?.id ?? '';
    const made = Array.from(files, (file, index) =>
      new Sending(fresh(newId(), entry, person, file, Date.now() + index / 1000)),
    );
    this.sendings = [...this.sendings, ...made];
    await Promise.all(made.map((sending) => this.#keep(sending)));
    void this.sendAll();
  }

  /** Says what is to be seen on one. */
  async describe(sending: Sending, alt: string): Promise<void> {
    sending.attachment = { ...sending.attachment, alt };
    await this.#keep(sending);
  }

  /** Takes one away: it is not sent, or not further. */
  async cancel(sending: Sending): Promise<void> {
    sending.stop.abort();
    await this.#drop(sending);
    URL.revokeObjectURL(sending.preview);
    const { upload } = sending.attachment;
    if (upload) await giveUp(upload).catch(() => {});
  }

  /** Tries a refused one again. */
  async retry(sending: Sending): Promise<void> {
    sending.attachment = { ...sending.attachment, refusal: null };
    sending.state = 'waiting';
    await this.#keep(sending);
    await this.sendAll();
  }

  /** Sends everything that waits, also what an earlier page left behind. */
  sendAll(): Promise<void> {
    clearTimeout(this.#again);
    this.#running ??= exclusively(LOCK, () => this.#send()).finally(() => (this.#running = null));
    return this.#running;
  }

  async hasUnsent(): Promise<boolean> {
    await this.#load();
    return this.sendings.some(({ state }) => state !== 'refused');
  }

  /** Forgets this person's attachments. */
  close(): void {
    clearTimeout(this.#again);
    [this.sendings, this.sent, this.#store] = [[], [], null];
  }

  async #send(): Promise<void> {
    await this.#load();
    for (const one of this.sendings) if (one.state === 'offline') one.state = 'waiting';
    for (let next = this.#next(); next; next = this.#next()) {
      if (await this.#sendOne(next)) continue;
      this.#again = setTimeout(() => void this.sendAll(), AGAIN);
      return;
    }
  }

  #next(): Sending | undefined {
    return this.sendings.find(({ state }) => state === 'waiting');
  }

  /** Returns whether to go on with the next. */
  async #sendOne(sending: Sending): Promise<boolean> {
    sending.state = 'sending';
    try {
      if (!(await desk.isThere(sending.attachment.entry))) throw new Problem(0, '');
      const medium = await upload(
        sending.attachment,
        uploads,
        (kept) => this.#moved(sending, kept),
        sending.stop.signal,
      );
      await this.#arrived(sending, medium);
      return true;
    } catch (error) {
      if (sending.stop.signal.aborted) return true;
      if (!(error instanceof Problem)) throw error;
      return this.#explain(sending, error);
    }
  }

  async #moved(sending: Sending, { upload, received, beginnings }: Attachment): Promise<void> {
    if (sending.stop.signal.aborted) return;
    sending.attachment = { ...sending.attachment, upload, received, beginnings };
    await this.#keep(sending);
  }

  async #arrived(sending: Sending, medium: Medium): Promise<void> {
    const { alt } = sending.attachment;
    const told = alt && alt !== medium.alt_text ? await describe(medium.id, alt) : medium;
    this.sent = [...this.sent, { medium: told, preview: sending.preview }];
    await this.#drop(sending);
  }

  async #explain(sending: Sending, problem: Problem): Promise<boolean> {
    const refusal = refusalOf(problem);
    sending.state = refusal ? 'refused' : 'offline';
    if (refusal) {
      sending.attachment = { ...sending.attachment, refusal };
      await this.#keep(sending);
    }
    return refusal !== null;
  }

  /** Takes up what an earlier page or another tab left here, and lets go what another tab has sent. */
  async #load(): Promise<void> {
    const store = await this.#here();
    if (!store || !session.person) return;
    const kept = await store.all(session.person.id);
    const left = new Set(kept.map(({ id }) => id));
    const known = this.sendings.filter(({ attachment }) => left.has(attachment.id) || !this.keeps);
    const ids = new Set(known.map(({ attachment }) => attachment.id));
    const found = kept.filter(({ id }) => !ids.has(id)).map((one) => new Sending(one));
    if (found.length || known.length < this.sendings.length) this.sendings = [...known, ...found];
  }

  async #keep({ attachment }: Sending): Promise<void> {
    try {
      await (await this.#here())?.put(attachment);
    } catch {
      this.keeps = false;
    }
  }

  async #drop(sending: Sending): Promise<void> {
    this.sendings = this.sendings.filter((one) => one !== sending);
    await (await this.#here())?.remove(sending.attachment.id);
  }

  #here(): Promise<AttachmentStore | null> {
    this.#store ??= openAttachments().catch(() => {
      this.keeps = false;
      return null;
    });
    return this.#store;
  }
}

export const outbox = new Outbox();
