import { plural } from './plural.ts';

const count = plural('en');

/** The words of the patterns, which only their screen loads. */
export const en = {
  title: 'Patterns',
  before: 'The year before',
  after: 'The year after',
  table: 'As a table',
  download: 'Save as a file (CSV)',
  words: 'Words a month',
  weekdays: 'When you write',
  mood: 'How it was inside',
  company: 'What goes with what',
  month: 'Month',
  wordCount: 'Words',
  weekday: 'Weekday',
  dayCount: 'Days',
  score: 'Mood, 1 to 5',
  tag: 'Tag',
  beside: 'Mood beside it',
  without: 'Mood without it',
  better: (tag: string) => `Days with ${tag} felt better than others.`,
  worse: (tag: string) => `Days with ${tag} felt harder than others.`,
  same: (tag: string) => `Days with ${tag} felt like others.`,
  days: (days: number) => count(days, { one: '# day', other: '# days' }),
  empty: 'Nothing is written in this year.',
  notYet: 'This needs a tag and a mood on eight days, and eight days without.',
  noMood: 'No mood is noted in this year.',
};

export type PatternsMessages = typeof en;
