import { expect, test } from 'vitest';
import type { Moment } from '../../api/client.ts';
import { placesOf, sheet } from './places.ts';

function moment(location: string | null, latitude: number | null = null, longitude: number | null = null): Moment {
  return { id: crypto.randomUUID(), location, latitude, longitude } as Moment;
}

test('moments are grouped by name, else by where they are, the most frequent first', () => {
  const places = placesOf([
    moment('Weir'),
    moment(null),
    moment(null, 51.501, -0.12),
    moment('Ada', 51.5, -0.1),
    moment('Ada'),
  ]);
  expect(places.map(({ name, moments }) => [name, moments.length])).toEqual([
    ['Ada', 2],
    ['Weir', 1],
    ['51.50, -0.12', 1],
  ]);
  expect(places[0]?.latitude).toBe(51.5);
});

test('north is up, east is right, and everything stands on the sheet', () => {
  const places = placesOf([moment('Oslo', 59.9, 10.7), moment('Rome', 41.9, 12.5), moment('Pole', 90, 0)]);
  const dots = new Map(sheet(places, 600, 300).map((dot) => [dot.place.name, dot]));
  expect(dots.get('Oslo')!.y).toBeLessThan(dots.get('Rome')!.y);
  expect(dots.get('Oslo')!.x).toBeLessThan(dots.get('Rome')!.x);
  for (const { x, y } of dots.values()) {
    expect(x >= 0 && x <= 600 && y >= 0 && y <= 300).toBe(true);
  }
});

test('one place stands in the middle', () => {
  const [dot] = sheet(placesOf([moment('Here', 1, 2)]), 600, 300);
  expect([dot?.x, dot?.y]).toEqual([300, 150]);
});
