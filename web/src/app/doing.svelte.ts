import { Problem } from '../api/problem.ts';

/** Something a person asked for: whether it is under way, and why it failed. */
export class Doing {
  isBusy: boolean = $state(false);
  problem: Problem | null = $state.raw(null);

  #last: Promise<boolean> = Promise.resolve(true);
  #waiting = 0;

  /** Does it once what was asked before is done: nothing is dropped. Returns whether it succeeded. */
  run(work: () => Promise<unknown>): Promise<boolean> {
    this.#waiting += 1;
    this.isBusy = true;
    this.#last = this.#last.then(
      () => this.#attempt(work),
      () => this.#attempt(work),
    );
    return this.#last;
  }

  async #attempt(work: () => Promise<unknown>): Promise<boolean> {
    this.problem = null;
    try {
      await work();
      return true;
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      this.problem = error;
      return false;
    } finally {
      this.#waiting -= 1;
      this.isBusy = this.#waiting > 0;
    }
  }
}
