import type { Medium } from '../api/client.ts';
import { Problem } from '../api/problem.ts';
import { outbox } from './outbox.svelte.ts';
import { describe, mediaOf, remove, sizesOf } from './remote.ts';
import { Sizes } from './sizes.ts';

const REMEMBER = 8000;
const LOOK_AGAIN = 1500;
const LOOKS = 8;
const RENEW = 10_000;

/** What an entry shows: the media the server holds and those that have just been sent. */
export class Album {
  problem: Problem | null = $state.raw(null);
  /** The one taken away last, until it is too late to bring it back. */
  removed: Medium | null = $state.raw(null);
  sizes: Sizes = $state.raw(new Sizes([]));
  #held: readonly Medium[] = $state.raw([]);
  #gone: ReadonlySet<string> = $state.raw(new Set<string>());
  #forgetting: ReturnType<typeof setTimeout> | undefined;
  #looking: ReturnType<typeof setTimeout> | undefined;
  #looks = 0;
  #asked = 0;
  #isLeft = false;

  /** Make one while a component is set up; `wanted` says whether the server may know the entry. */
  constructor(readonly entry: string, wanted: () => boolean) {
    $effect(() => {
      if (wanted()) void this.again();
    });
    $effect(() => () => this.#leave());
  }

  get media(): readonly Medium[] {
    const held = new Set(this.#held.map(({ id }) => id));
    const sent = outbox.sent.map(({ medium }) => medium);
    const fresh = sent.filter(({ id, entry_id }) => entry_id === this.entry && !held.has(id));
    return [...this.#held, ...fresh].filter(({ id }) => !this.#gone.has(id));
  }

  /** How one looks from this device, when it was sent from here. */
  preview(medium: Medium): string | null {
    return outbox.sent.find((one) => one.medium.id === medium.id)?.preview ?? null;
  }

  /** Asks the server again: what is there, and addresses that open for a while. */
  readonly again = async (): Promise<void> => {
    clearTimeout(this.#looking);
    this.#asked = Date.now();
    try {
      const media = await mediaOf(this.entry);
      this.sizes = await sizesOf(media);
      [this.#held, this.problem] = [media, null];
      this.#lookAgain();
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      if (error.kind !== 'gone') this.problem = error;
    }
  };

  /** An address has ended: asks for new ones, unless that was done just now. */
  readonly renew = async (): Promise<void> => {
    if (Date.now() - this.#asked > RENEW) await this.again();
  };

  /** Takes one away; a moment later it is deleted. */
  remove(medium: Medium): void {
    this.#forget();
    this.removed = medium;
    this.#gone = new Set([...this.#gone, medium.id]);
    this.#forgetting = setTimeout(() => this.#forget(), REMEMBER);
  }

  /** Brings back the one taken away last. */
  undo(): void {
    clearTimeout(this.#forgetting);
    const back = this.removed?.id;
    this.#gone = new Set([...this.#gone].filter((id) => id !== back));
    this.removed = null;
  }

  async describe(medium: Medium, alt: string): Promise<void> {
    const told = await describe(medium.id, alt);
    this.#held = this.#held.map((one) => (one.id === told.id ? told : one));
    outbox.sent = outbox.sent.map((one) => (one.medium.id === told.id ? { ...one, medium: told } : one));
  }

  #forget(): void {
    clearTimeout(this.#forgetting);
    const { removed } = this;
    if (!removed) return;
    this.removed = null;
    outbox.sent = outbox.sent.filter(({ medium }) => medium.id !== removed.id);
    remove(removed.id).catch(() => this.#restore(removed));
  }

  /** It could not be deleted: it is there, so it is shown. */
  #restore(medium: Medium): void {
    this.#gone = new Set([...this.#gone].filter((id) => id !== medium.id));
    void this.again();
  }

  /** The server makes small pictures after it took a file: looks again soon, then when addresses end. */
  #lookAgain(): void {
    if (this.#isLeft) return;
    const isMaking = this.#held.some(({ upload_status }) => upload_status === 'pending');
    if (isMaking && this.#looks < LOOKS) {
      this.#looks += 1;
      this.#looking = setTimeout(this.again, LOOK_AGAIN * this.#looks);
      return;
    }
    const ends = this.#held.flatMap(({ signed_thumbnail_expires_at: at }) => (at === null ? [] : [at]));
    if (!ends.length) return;
    const left = Math.min(...ends) * 1000 - Date.now() - 60_000;
    this.#looking = setTimeout(this.again, Math.max(60_000, left));
  }

  #leave(): void {
    this.#isLeft = true;
    clearTimeout(this.#looking);
    this.#forget();
  }
}
