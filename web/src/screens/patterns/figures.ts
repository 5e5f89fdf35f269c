import type { Day, Mood } from '../../api/client.ts';
import { dateOf } from '../../journal/dates.ts';
import { scoreOf } from '../../journal/moods.ts';

/** One column of a chart or row of its table. */
export interface Figure {
  readonly name: string;
  readonly value: number;
}

/** How days with a tag felt beside the others. */
export interface Company {
  readonly tag: string;
  readonly days: number;
  readonly beside: number;
  readonly without: number;
}

/** Fewer days on either side say nothing. */
export const ENOUGH = 8;

export function wordsByMonth(days: readonly Day[], names: readonly string[]): Figure[] {
  const sums = names.map(() => 0);
  for (const day of days) sums[dateOf(day.date).getMonth()]! += day.total_words;
  return names.map((name, month) => ({ name, value: sums[month] ?? 0 }));
}

/** Days written on by weekday, from the week's first day on (0 is Monday, as are `names`). */
export function daysByWeekday(days: readonly Day[], names: readonly string[], first: number): Figure[] {
  const sums = names.map(() => 0);
  for (const day of days) sums[(dateOf(day.date).getDay() + 6) % 7]! += 1;
  return names.map((_, index) => {
    const weekday = (index + first) % 7;
    return { name: names[weekday] ?? '', value: sums[weekday] ?? 0 };
  });
}

/** The mean mood of each month that has one. */
export function moodByMonth(days: readonly Day[], moods: readonly Mood[], names: readonly string[]): Figure[] {
  const scores = names.map((): number[] => []);
  for (const day of days) {
    const score = scoreOf(moods, day.mood_id);
    if (score) scores[dateOf(day.date).getMonth()]?.push(score);
  }
  return names.flatMap((name, month) => {
    const felt = scores[month] ?? [];
    return felt.length ? [{ name, value: mean(felt) }] : [];
  });
}

/** What goes with what, the greatest difference first; tags with too few days are left out. */
export function company(
  days: readonly Day[],
  moods: readonly Mood[],
  tagged: ReadonlyMap<string, ReadonlySet<string>>,
): Company[] {
  const felt = days.flatMap((day) => {
    const score = scoreOf(moods, day.mood_id);
    return score ? [{ date: day.date, score }] : [];
  });
  const found = [...tagged].flatMap(([tag, dates]) => {
    const beside = felt.filter(({ date }) => dates.has(date)).map(({ score }) => score);
    const without = felt.filter(({ date }) => !dates.has(date)).map(({ score }) => score);
    if (beside.length < ENOUGH || without.length < ENOUGH) return [];
    return [{ tag, days: beside.length, beside: mean(beside), without: mean(without) }];
  });
  const apart = (one: Company): number => Math.abs(one.beside - one.without);
  return found.sort((one, other) => apart(other) - apart(one));
}

/** A table as a file that spreadsheets open (RFC 4180); cells cannot be taken for formulas. */
export function csv(head: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const cell = (value: string | number): string => {
    const text = typeof value === 'string' && /^[=+\-@\t\r]/.test(value) ? `'${value}` : String(value);
    return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  return [head, ...rows].map((row) => `${row.map(cell).join(',')}\r\n`).join('');
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
