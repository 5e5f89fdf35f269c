import { expect, test } from 'vitest';
import { instantOf, wallAt } from './zones.ts';

const CASES: readonly (readonly [string, string, string])[] = [
  ['2026-07-01T12:00:00.000Z', 'Europe/Vienna', '2026-07-01T14:00'],
  ['2026-01-01T12:00:00.000Z', 'Europe/Vienna', '2026-01-01T13:00'],
  ['2026-01-01T02:30:00.000Z', 'America/St_Johns', '2025-12-31T23:00'],
  ['2026-01-01T02:30:00.000Z', 'UTC', '2026-01-01T02:30'],
];

test.each(CASES)('%s in %s is %s, and back', (instant, zone, wall) => {
  expect(wallAt(new Date(instant), zone)).toBe(wall);
  expect(instantOf(wall, zone).toISOString()).toBe(instant);
});

test('the hour before clocks go forward is itself', () => {
  expect(instantOf('2026-03-29T01:30', 'Europe/Vienna').toISOString()).toBe('2026-03-29T00:30:00.000Z');
});
