import { describe, expect, it } from 'vitest';
import type { Day, Mood } from '../../api/client.ts';
import { company, csv, daysByWeekday, ENOUGH, moodByMonth, wordsByMonth } from './figures.ts';

const MONTHS = ['J', 'F', 'M', 'A', 'M', 'J', 'J', 'A', 'S', 'O', 'N', 'D'];
const WEEK = ['Mo', 'Tu', 'We', 'Th', 'Fr', 'Sa', 'Su'];
const moods = [1, 2, 3, 4, 5].map((score) => ({ id: `mood-${score}`, score }) as Mood);

function day(date: string, score: number | null = null, words = 10): Day {
  const mood_id = score ? `mood-${score}` : null;
  return { date, entry_count: 1, total_words: words, mood_id, thumbnail_url: null };
}

describe('figures', () => {
  it('add words to their months', () => {
    const months = wordsByMonth([day('2026-01-31', null, 5), day('2026-01-01', null, 7), day('2026-12-31')], MONTHS);
    expect(months.map(({ value }) => value)).toEqual([12, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 10]);
  });

  it('count weekdays from the first day of the week', () => {
    const written = [day('2026-11-22'), day('2026-11-23'), day('2026-11-30')];
    expect(daysByWeekday(written, WEEK, 0).map(({ value }) => value)).toEqual([2, 0, 0, 0, 0, 0, 1]);
    expect(daysByWeekday(written, WEEK, 6)[0]).toEqual({ name: 'Su', value: 1 });
  });

  it('leave months without a mood out of the line', () => {
    const felt = moodByMonth([day('2026-02-01', 2), day('2026-02-02', 5), day('2026-03-01')], moods, MONTHS);
    expect(felt).toEqual([{ name: 'F', value: 3.5 }]);
  });

  it('compare days with a tag only where there are enough on both sides', () => {
    const date = (index: number): string => `2026-05-${String(index + 1).padStart(2, '0')}`;
    const days = Array.from({ length: 2 * ENOUGH }, (_, index) => day(date(index), index < ENOUGH ? 5 : 2));
    const swum = new Set(days.slice(0, ENOUGH).map((one) => one.date));
    const rare = new Set([...swum].slice(1));
    const found = company(days, moods, new Map([['rare', rare], ['swim', swum]]));
    expect(found).toEqual([{ tag: 'swim', days: ENOUGH, beside: 5, without: 2 }]);
  });

  it('quote what a spreadsheet would take apart or carry out', () => {
    expect(csv(['a', 'b'], [['x, "y"', 1.5], ['=1+1', -2]])).toBe('a,b\r\n"x, ""y""",1.5\r\n\'=1+1,-2\r\n');
  });
});
