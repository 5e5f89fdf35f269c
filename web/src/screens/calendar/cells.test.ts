import { expect, test } from 'vitest';
import { stepped, weeks } from './cells.ts';

test('a month is told in whole weeks from the first day of the week', () => {
  const november = weeks(2026, 10, 0);
  expect(november[0]).toEqual([null, null, null, null, null, null, 1]);
  expect(november.at(-1)).toEqual([30, null, null, null, null, null, null]);
  expect(weeks(2026, 10, 6)[0]).toEqual([1, 2, 3, 4, 5, 6, 7]);
  expect(weeks(2027, 1, 0)).toHaveLength(4);
});

test.each([
  ['ArrowDown', 10, 17],
  ['ArrowDown', 28, 30],
  ['ArrowUp', 3, 1],
  ['Home', 12, 9],
  ['End', 12, 15],
  ['x', 12, null],
])('%s on day %i leads to %j', (key, day, to) => {
  // The first of November 2026 is a Sunday, the last column of a week from Monday.
  expect(stepped(key, day, 30, (one) => (one + 5) % 7)).toBe(to);
});
