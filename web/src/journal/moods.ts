import type { Mood } from '../api/client.ts';

/** How it is inside, from rough to bright. */
export type Score = 1 | 2 | 3 | 4 | 5;

export const SCORES: readonly Score[] = [1, 2, 3, 4, 5];

/** The named mood that stands for each score when nothing finer is picked. */
const DEFAULTS: Readonly<Record<Score, string>> = {
  1: 'Stressed',
  2: 'Sad',
  3: 'Neutral',
  4: 'Calm',
  5: 'Happy',
};

export function scoreOf(moods: readonly Mood[], id: string | null): Score | null {
  const score = moods.find((mood) => mood.id === id)?.score;
  return SCORES.find((one) => one === score) ?? null;
}

/** The mood to log for a score: its default, else any mood of that score. */
export function moodFor(moods: readonly Mood[], score: Score): Mood | undefined {
  const fitting = moods.filter((mood) => mood.score === score);
  return fitting.find((mood) => mood.name === DEFAULTS[score]) ?? fitting[0];
}
