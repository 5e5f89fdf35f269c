import { plural } from './plural.ts';

const count = plural('en');

/** The words of the places, which only their screen loads. */
export const en = {
  title: 'Places',
  map: 'Where you wrote, seen from above: north is up',
  entries: (entries: number) => count(entries, { one: '# entry', other: '# entries' }),
  empty: 'No entry says yet where it was written. Its details have room for a place.',
  more: 'Look further back',
  looked: (entries: number) => count(entries, { one: 'Of the last entry.', other: 'Of the last # entries.' }),
};

export type PlacesMessages = typeof en;
