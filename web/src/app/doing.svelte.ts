import { Problem } from '../api/problem.ts';

/** Something a person asked for: whether it is under way, and why it failed. */
export class Doing {
  isBusy: boolean = $state(false);
  problem: Problem | null = $state.raw(null);

  /** Does it unless something is under way; returns whether it succeeded. */
  async run(work: () => Promise<unknown>): Promise<boolean> {
    if (this.isBusy) return false;
    this.isBusy = true;
    this.problem = null;
    try {
      await work();
      return true;
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      this.problem = error;
      return false;
    } finally {
      this.isBusy = false;
    }
  }
}
