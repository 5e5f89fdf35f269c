import { expect, test } from 'vitest';
import { addressOf } from './typed.ts';

test.each([
  ['1665', '/calendar/1665'],
  [' 1665-6-12 ', '/calendar/1665/06/12'],
  ['12.6.1665', '/calendar/1665/06/12'],
  ['2024-02-29', '/calendar/2024/02/29'],
  ['2023-02-29', null],
  ['2023-13-01', null],
  ['2019-3', '/calendar/2019/03'],
  ['3/2019', '/calendar/2019/03'],
  ['march 2019', '/calendar/2019/03'],
  ['Mar 2019', '/calendar/2019/03'],
  ['ma 2019', null],
  ['13/2019', null],
  ['yesterday', null],
  ['', null],
])('%j leads to %j', (typed, address) => {
  expect(addressOf(typed, 'en-GB')).toBe(address);
});

test('months are read in the language of the app', () => {
  expect(addressOf('März 2019', 'de-DE')).toBe('/calendar/2019/03');
  expect(addressOf('Dez. 1665', 'de-DE')).toBe('/calendar/1665/12');
});
