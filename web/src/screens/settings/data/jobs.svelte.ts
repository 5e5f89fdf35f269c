import { Problem } from '../../../api/problem.ts';

/** What every import and export tells of itself. */
export interface Job {
  readonly id: string;
  readonly status: 'pending' | 'running' | 'completed' | 'failed' | 'cancelled';
  readonly progress: number;
  readonly total_items: number;
  readonly processed_items: number;
  readonly created_at: string;
  readonly errors: readonly string[];
}

const PAUSE = 1000;

export function isUnderWay(job: Job): boolean {
  return job.status === 'pending' || job.status === 'running';
}

/** A list of jobs, asked for again while one is under way. Make one while a component is set up. */
export class Jobs<T extends Job> {
  list: readonly T[] | null = $state.raw(null);
  problem: Problem | null = $state.raw(null);
  #waiting: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly ask: () => Promise<readonly T[]>) {
    $effect(() => {
      void this.again();
      return () => clearTimeout(this.#waiting);
    });
  }

  async again(): Promise<void> {
    clearTimeout(this.#waiting);
    try {
      [this.list, this.problem] = [await this.ask(), null];
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      this.problem = error;
    }
    if (this.list?.some(isUnderWay)) this.#waiting = setTimeout(() => void this.again(), PAUSE);
  }
}
