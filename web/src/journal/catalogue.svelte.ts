import { api, body, type Journal, type Mood } from '../api/client.ts';

/** What rarely changes and many screens need: journals and moods, asked for once. */
class Catalogue {
  #journals: Promise<Journal[]> | null = null;
  #moods: Promise<Mood[]> | null = null;
  /** Counts up when what was known is out of date; reading it makes an effect run again. */
  turn: number = $state(0);

  journals(): Promise<Journal[]> {
    this.#journals ??= body(api.GET('/api/v1/journals/')).catch((error: unknown) => {
      this.#journals = null;
      throw error;
    });
    return this.#journals;
  }

  moods(): Promise<Mood[]> {
    this.#moods ??= body(api.GET('/api/v1/moods/')).catch((error: unknown) => {
      this.#moods = null;
      throw error;
    });
    return this.#moods;
  }

  /** Asks again the next time. */
  forget(): void {
    this.#journals = null;
    this.turn += 1;
  }
}

export const catalogue = new Catalogue();
