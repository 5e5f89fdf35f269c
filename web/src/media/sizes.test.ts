import { expect, test } from 'vitest';
import type { Medium } from '../api/client.ts';
import { Sizes } from './sizes.ts';

function medium(width: number, height: number): Medium {
  return { id: 'a', width, height, signed_thumbnail_url: '/t' } as Medium;
}

const sizes = new Sizes([
  { id: 'a', variant: 'medium', signed_url: '/m' },
  { id: 'a', variant: 'large', signed_url: '/l' },
  { id: 'b', variant: 'large', signed_url: '/other' },
]);

test('each size is listed with the width it has', () => {
  expect(sizes.srcset(medium(4000, 2000))).toBe('/t 300w, /m 960w, /l 1920w');
  expect(sizes.srcset(medium(1000, 2000))).toBe('/t 150w, /m 480w, /l 960w');
});

test('a picture that is never larger is listed once a width', () => {
  expect(sizes.srcset(medium(200, 100))).toBe('/t 200w');
});

test('a medium without pictures has no sizes', () => {
  const none = { ...medium(10, 10), id: 'c', signed_thumbnail_url: null };
  expect(sizes.srcset(none)).toBe('');
  expect(sizes.largest(none)).toBeNull();
});
