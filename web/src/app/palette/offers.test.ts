import { expect, test } from 'vitest';
import { fitting, type Offer } from './offers.ts';

const offers: readonly Offer[] = ['New entry', 'Timeline', 'Café notes', 'My timeline'].map((label) => ({
  id: label,
  label,
  kind: '',
  pick: () => {},
}));
const CASES: readonly (readonly [string, readonly string[]])[] = [
  ['', ['New entry', 'Timeline', 'Café notes', 'My timeline']],
  ['time', ['Timeline', 'My timeline']],
  ['cafe', ['Café notes']],
  ['entry ne', ['New entry']],
  ['line', []],
];

test.each(CASES)('%j finds %j', (typed, labels) => {
  expect(fitting(offers, typed).map((offer) => offer.label)).toEqual(labels);
});
