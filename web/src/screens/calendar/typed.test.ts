import { expect, test } from 'vitest';
import { addressOf } from './typed.ts';

test.each([
  ['1665', '/calendar/1665'],
  [' 1665-6-12 ', '/calendar/1665/06/12'],
  ['12.6.1665', '/calendar/1665/06/12'],
  ['2024-02-29', '/calendar/2024/02/29'],
  ['2023-02-29', null],
  ['2023-13-01', null],
  ['yesterday', null],
  ['', null],
])('%j leads to %j', (typed, address) => {
  expect(addressOf(typed)).toBe(address);
});
