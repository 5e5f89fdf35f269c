import { expect, test } from 'vitest';
import { excerptOf, plainOf } from './excerpts.ts';

const PLAIN: readonly (readonly [string, string])[] = [
  ['# The *heron* is **back**', 'The heron is back'],
  ['- one\n- [x] two\n\n1. three', 'one two three'],
  ['> said [Jo](https://example.com/a_b), ![the weir](weir.png)', 'said Jo, the weir'],
  ['`code` and ~~gone~~ and snake_case_name and 2 * 3 * 4', 'code and gone and snake_case_name and 2 * 3 * 4'],
  ['```js\nlet a;\n```\n\n---\n\nafter', 'let a; after'],
  ['a word **cut in the mid', 'a word cut in the mid'],
  ['_quiet_ __loud__ ***both***', 'quiet loud both'],
];

test.each(PLAIN)('%j reads as %j', (text, plain) => expect(plainOf(text)).toBe(plain));

test('a made-up title is not said again', () => {
  expect(excerptOf('Rain.', 'Rain.\n\nThen *sun*.')).toBe('Then sun.');
  expect(excerptOf('Rain.', 'Rain.')).toBe('');
  const long = 'One two three four five six seven eight nine ten eleven twelve thirteen';
  expect(excerptOf('One two three four five six seven eight nine ten eleven …', long)).toBe('twelve thirteen');
});

test('a title of its own leaves the text whole', () => {
  expect(excerptOf('Weather', 'Rain.')).toBe('Rain.');
  expect(excerptOf(null, 'Rain.')).toBe('Rain.');
});
