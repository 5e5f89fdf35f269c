import { expect, test } from 'vitest';
import { qrCode } from './code.ts';

/** Drawn by another program (version 1, level M, mask 2). */
const KNOWN = `
111111100101001111111
100000100100101000001
101110101000101011101
101110101110001011101
101110101110101011101
100000101010101000001
111111101010101111111
000000001111100000000
101111100110101111100
000110011100000110101
000110100111110001110
111011010111110001110
001000111010101100000
000000001110000110101
111111100001110001110
100000101001110001101
101110101110101100011
101110101100000110100
101110101101110001100
100000100001110001100
111111101100101100010`;

test('a code is drawn module by module as another program draws it', () => {
  const drawn = qrCode('a'.repeat(14)).map((row) => row.map(Number).join(''));
  expect(drawn).toEqual(KNOWN.trim().split('\n'));
});

test.each([[14, 21], [15, 25], [180, 53], [213, 57]])('%i bytes take %i modules', (bytes, size) => {
  expect(qrCode('a'.repeat(bytes))).toHaveLength(size);
});

test('what is too long is refused', () => {
  expect(() => qrCode('a'.repeat(214))).toThrow(RangeError);
});
