import { Problem } from '../api/problem.ts';
import { isAhead, same, type Draft, type Held } from './draft.ts';
import { send, type Entries } from './sending.ts';
import type { Shelf } from './shelf.ts';

export type State =
  | 'clean'
  | 'dirty'
  | 'kept'
  | 'saving'
  | 'saved'
  | 'offline'
  | 'busy'
  | 'signed-out'
  | 'refused'
  | 'conflict';

/** How long the person may pause before a text is kept here, and before it is sent. */
export const PAUSES = { keep: 300, send: 1200, again: 5000 } as const;

/**
 * One text being written: kept on this device 300 ms after a key, sent 1.2 s after the last one,
 * and at once when the person leaves. It is never let go before the server has it.
 */
export class Writing {
  state: State = $state('clean');
  /** When the server last took it. */
  savedAt: Date | null = $state.raw(null);
  /** Why the server refused it, in its own words. */
  reason: string = $state('');
  theirs: Held | null = $state.raw(null);
  /** False when this browser keeps nothing. */
  keeps: boolean = $state(true);
  #draft: Draft;
  #keeping: ReturnType<typeof setTimeout> | undefined;
  #sending: ReturnType<typeof setTimeout> | undefined;
  #busy: Promise<void> | null = null;

  constructor(
    draft: Draft,
    private readonly shelf: Shelf | null,
    private readonly entries: Entries,
    private readonly prepare: (draft: Draft) => Promise<Draft> = async (one) => one,
  ) {
    this.#draft = draft;
    this.keeps = shelf !== null;
    if (isAhead(draft)) this.state = 'kept';
  }

  get draft(): Draft {
    return this.#draft;
  }

  /** Takes what the person changed. */
  change(change: Partial<Pick<Draft, 'title' | 'content' | 'journal' | 'prompt' | 'pictured'>>): void {
    this.#draft = { ...this.#draft, ...change, turn: this.#draft.turn + 1 };
    if (this.state !== 'conflict') this.state = 'dirty';
    clearTimeout(this.#keeping);
    this.#keeping = setTimeout(() => void this.keep(), PAUSES.keep);
    this.#later(PAUSES.send);
  }

  /** Keeps the text on this device now. */
  async keep(): Promise<void> {
    clearTimeout(this.#keeping);
    try {
      await this.shelf?.put(this.#draft);
      if (this.state === 'dirty' && this.shelf) this.state = 'kept';
    } catch {
      this.keeps = false;
    }
  }

  /** Sends the text now; resolves when the server has it or cannot be given it. */
  async save(): Promise<void> {
    clearTimeout(this.#sending);
    while (this.#busy) await this.#busy;
    if (this.state === 'conflict') return;
    if (!isAhead(this.#draft)) return this.#nothingToSend();
    this.#busy = this.#send().finally(() => (this.#busy = null));
    await this.#busy;
  }

  /** Takes over what the server holds after a change here that was not one of the text. */
  learn(held: Held, journal: string): void {
    this.#draft = { ...this.#draft, held, journal };
  }

  /** Ends a conflict: my text replaces theirs, which stays in the entry's history. */
  async keepMine(): Promise<void> {
    if (!this.theirs) return;
    this.#draft = { ...this.#draft, held: this.theirs, sent: [] };
    await this.#settled();
  }

  /** Ends a conflict: their text replaces mine. */
  async keepTheirs(): Promise<void> {
    if (!this.theirs) return;
    const { title, content } = this.theirs;
    this.#draft = { ...this.#draft, title, content, held: this.theirs, sent: [] };
    await this.#settled();
  }

  /** Stops the clocks; what is not sent stays on the shelf. */
  async close(): Promise<void> {
    clearTimeout(this.#sending);
    await this.keep();
  }

  async #send(): Promise<void> {
    this.state = 'saving';
    const { turn } = this.#draft;
    try {
      this.#draft = { ...(await this.prepare(this.#draft)), ...this.#text() };
      const outcome = await send(this.#draft, this.entries, (marked) => this.#mark(marked));
      if (outcome.state === 'saved') await this.#settle(outcome.draft, turn);
      else {
        this.theirs = outcome.theirs;
        this.state = 'conflict';
      }
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      this.#explain(error);
    }
  }

  /** A change was taken back, or was none of the text: the server has it all. */
  async #nothingToSend(): Promise<void> {
    const { held } = this.#draft;
    if (!held || !same(held, this.#draft)) return;
    if (this.state !== 'dirty' && this.state !== 'kept') return;
    clearTimeout(this.#keeping);
    this.state = 'saved';
    this.savedAt = new Date();
    await this.shelf?.remove(this.#draft.id);
  }

  async #settled(): Promise<void> {
    this.theirs = null;
    this.state = 'dirty';
    await this.keep();
    await this.save();
    if (!isAhead(this.#draft)) {
      this.state = 'saved';
      await this.shelf?.remove(this.#draft.id);
    }
  }

  #text(): Pick<Draft, 'title' | 'content' | 'turn'> {
    const { title, content, turn } = this.#draft;
    return { title, content, turn };
  }

  async #mark(marked: Draft): Promise<void> {
    this.#draft = { ...this.#draft, sent: marked.sent, held: marked.held };
    await this.keep();
  }

  /** Takes over what was learnt of the server; what was typed meanwhile stays. */
  async #settle(learnt: Draft, turn: number): Promise<void> {
    this.#draft = { ...this.#draft, held: learnt.held, sent: learnt.sent };
    if (this.#draft.turn !== turn) {
      this.state = 'dirty';
      await this.keep();
      this.#later(PAUSES.send);
      return;
    }
    this.state = 'saved';
    this.savedAt = new Date();
    clearTimeout(this.#keeping);
    if (!isAhead(this.#draft)) await this.shelf?.remove(this.#draft.id);
  }

  #explain(problem: Problem): void {
    const { kind } = problem;
    this.reason = problem.detail;
    if (kind === 'offline' || kind === 'busy' || kind === 'signed-out') {
      this.state = kind;
      this.#later((problem.retryAfter ?? 0) * 1000 || PAUSES.again);
      return;
    }
    this.state = 'refused';
  }

  #later(pause: number): void {
    clearTimeout(this.#sending);
    this.#sending = setTimeout(() => void this.save(), pause);
  }
}
