import { Problem } from '../api/problem.ts';

/** Something asked of the server, as a screen shows it. Make one while a component is set up. */
export class Loading<T> {
  value: T | null = $state.raw(null);
  problem: Problem | null = $state.raw(null);
  #turn = 0;

  constructor(private readonly ask: () => Promise<T>) {
    $effect(() => void this.again());
  }

  /** Asks again; an answer that a later question overtook is dropped. */
  async again(): Promise<void> {
    const turn = ++this.#turn;
    try {
      const value = await this.ask();
      if (turn === this.#turn) [this.value, this.problem] = [value, null];
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      if (turn === this.#turn) this.problem = error;
    }
  }
}
