import { Problem, problemFrom } from '../api/problem.ts';

/** A part of a long list, and where the next begins. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly after: string | null;
}

/** A long list of the server, loaded part by part. Make one while a component is set up. */
export class Pages<T> {
  items: readonly T[] = $state.raw([]);
  /** Where the next part begins; null at the end. */
  after: string | null = $state(null);
  /** The first part has come. */
  isLoaded: boolean = $state(false);
  problem: Problem | null = $state.raw(null);
  #turn = 0;
  #loading = false;

  constructor(private readonly ask: (after: string | undefined) => Promise<Page<T>>) {
    $effect(() => void this.again());
  }

  /** Begins anew; an answer that this overtakes is dropped. */
  async again(): Promise<void> {
    await this.#load(undefined);
  }

  /** Loads the next part, once at a time. */
  async more(): Promise<void> {
    if (this.after !== null && !this.#loading) await this.#load(this.after);
  }

  async #load(after: string | undefined): Promise<void> {
    const turn = ++this.#turn;
    this.#loading = true;
    try {
      const page = await this.ask(after);
      if (turn !== this.#turn) return;
      this.items = after === undefined ? page.items : [...this.items, ...page.items];
      [this.after, this.isLoaded, this.problem] = [page.after, true, null];
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      if (turn === this.#turn) this.problem = error;
    } finally {
      if (turn === this.#turn) this.#loading = false;
    }
  }
}

interface Answer<T> {
  readonly data?: T[];
  readonly error?: unknown;
  readonly response: Response;
}

/** One part as the server answers it: the next cursor is a header. Raises `Problem`. */
export async function page<T>(asked: Promise<Answer<T>>): Promise<Page<T>> {
  const { data, error, response } = await asked;
  if (!data) throw problemFrom(response, error);
  return { items: data, after: response.headers.get('x-next-cursor') };
}
