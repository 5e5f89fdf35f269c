import { api, body } from '../api/client.ts';
import { Problem } from '../api/problem.ts';
import { session } from '../api/session.svelte.ts';
import { chooseJournal, journalToWriteIn } from '../journal/chosen.ts';
import { catalogue } from '../journal/catalogue.svelte.ts';
import { language } from '../i18n/index.svelte.ts';
import { isAhead, type Draft } from './draft.ts';
import { newId } from './ids.ts';
import { entries, moveEntry, openEntry } from './remote.ts';
import { openShelf, type Shelf } from './shelf.ts';
import { Writing } from './writing.svelte.ts';

const IN_HAND = 'in-hand';

/** Where texts are written: hands out the text in hand, and sends what was left behind. */
class Desk {
  #shelf: Promise<Shelf | null> | null = null;
  readonly #open = new Map<string, Writing>();

  /** The text in hand: the one this tab was at, else one that was begun and not sent, else a new one. */
  async inHand(): Promise<Writing> {
    const shelf = await this.#shelfHere();
    const left = (await shelf?.all(this.#person())) ?? [];
    const begun = left.findLast((draft) => draft.held === null);
    const writing = (await this.#before()) ?? this.#take(begun ?? this.#fresh(), shelf);
    holdInHand(writing.draft.id);
    return writing;
  }

  /** The text of an entry: what waits here for the server, else what the server holds. */
  async entry(id: string): Promise<Writing> {
    const shelf = await this.#shelfHere();
    const left = (await shelf?.all(this.#person())) ?? [];
    const waiting = this.#open.get(id)?.draft ?? left.find((draft) => draft.id === id);
    if (waiting && isAhead(waiting)) return this.#take(waiting, shelf);
    const { entry, held } = await openEntry(id);
    this.#open.delete(id);
    const known = {
      journal: entry.journal_id,
      prompt: entry.prompt_id,
      begun: entry.entry_datetime_utc,
      zone: entry.entry_timezone,
    };
    const { title, content } = held;
    return this.#take({ ...this.#fresh(), ...known, id, title, content, held }, shelf);
  }

  /** Puts a text into another journal, and the next ones too. Raises `Problem`. */
  async move(writing: Writing, journal: string): Promise<void> {
    chooseJournal(journal);
    await writing.save();
    const { id, held } = writing.draft;
    if (held) writing.learn(await moveEntry(id, journal, held), journal);
    else writing.change({ journal });
  }

  /** Sends everything that waits here, oldest first. */
  async sendAll(): Promise<void> {
    const shelf = await this.#shelfHere();
    for (const draft of (await shelf?.all(this.#person())) ?? []) {
      await this.#take(draft, shelf).save();
    }
  }

  /** A new text with something in it already, and in hand from now on. */
  async begin(content: string): Promise<Writing> {
    const writing = this.#take(this.#fresh(), await this.#shelfHere());
    writing.change({ content });
    await writing.keep();
    holdInHand(writing.draft.id);
    return writing;
  }

  /** Whether the server has the entry; one that only this device has is sent first. */
  async isThere(id: string): Promise<boolean> {
    const shelf = await this.#shelfHere();
    const left = (await shelf?.all(this.#person())) ?? [];
    const draft = this.#open.get(id)?.draft ?? left.find((one) => one.id === id);
    if (!draft || draft.held) return true;
    const writing = this.#take(draft, shelf);
    await writing.save();
    return writing.draft.held !== null;
  }

  /** Ends a conflict: my text becomes an entry of its own beside theirs. */
  async keepBoth(writing: Writing): Promise<void> {
    const mine = { ...writing.draft, id: newId(), held: null, sent: [] };
    const copy = this.#take(mine, await this.#shelfHere());
    await copy.keep();
    await writing.keepTheirs();
    await copy.save();
  }

  /** Whether a text stands on this device that the server does not have. */
  async hasUnsent(): Promise<boolean> {
    const shelf = await this.#shelfHere();
    const kept = (await shelf?.all(this.#person())) ?? [];
    const open = [...this.#open.values()].map((writing) => writing.draft);
    return [...kept, ...open].some(isAhead);
  }

  /** Forgets this person's texts. */
  close(): void {
    this.#open.clear();
    this.#shelf = null;
  }

  /** Keeps every open text on this device. */
  async keepAll(): Promise<void> {
    await Promise.all([...this.#open.values()].map((writing) => writing.keep()));
  }

  /** Keeps and sends every open text; for when the page is hidden or left. */
  leave(): void {
    for (const writing of this.#open.values()) {
      void writing.keep();
      void writing.save();
    }
  }

  /** Lets a text go once the server has it; returns whether it has. */
  async done(writing: Writing): Promise<boolean> {
    await writing.save();
    if (isAhead(writing.draft)) return false;
    this.#open.delete(writing.draft.id);
    holdInHand(null);
    return true;
  }

  /** What this tab was at before it was loaded again. */
  async #before(): Promise<Writing | null> {
    const id = heldInHand();
    if (id === null) return null;
    try {
      return await this.entry(id);
    } catch (error) {
      if (error instanceof Problem) return null;
      throw error;
    }
  }

  #take(draft: Draft, shelf: Shelf | null): Writing {
    const known = this.#open.get(draft.id);
    if (known) return known;
    const writing = new Writing(draft, shelf, entries, withJournal);
    this.#open.set(draft.id, writing);
    return writing;
  }

  #fresh(): Draft {
    return {
      id: newId(),
      person: this.#person(),
      journal: null,
      prompt: null,
      begun: new Date().toISOString(),
      zone: Intl.DateTimeFormat().resolvedOptions().timeZone,
      title: '',
      content: '',
      pictured: false,
      held: null,
      sent: [],
      turn: 0,
    };
  }

  #person(): string {
    if (!session.person) throw new Error('nobody is signed in');
    return session.person.id;
  }

  #shelfHere(): Promise<Shelf | null> {
    this.#shelf ??= openShelf().catch(() => null);
    return this.#shelf;
  }
}

export const desk = new Desk();

function heldInHand(): string | null {
  try {
    return sessionStorage.getItem(IN_HAND);
  } catch {
    return null;
  }
}

function holdInHand(id: string | null): void {
  try {
    if (id === null) sessionStorage.removeItem(IN_HAND);
    else sessionStorage.setItem(IN_HAND, id);
  } catch {
    // Storage is off in this browser: the shelf, if there is one, knows what was begun.
  }
}

/** The journal a text goes into: the one chosen for it or last, else the oldest, else a new one. */
async function withJournal(draft: Draft): Promise<Draft> {
  if (draft.journal) return draft;
  const known = journalToWriteIn(await catalogue.journals());
  if (known) return { ...draft, journal: known.id };
  const title = language.words.app.name;
  const made = await body(
    api.POST('/api/v1/journals/', {
      body: { title },
      headers: { 'Content-Type': 'application/json', 'Idempotency-Key': `first-${draft.id}` },
    }),
  );
  catalogue.forget();
  return { ...draft, journal: made.id };
}
