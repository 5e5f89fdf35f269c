/** Reed-Solomon over GF(256) with 0x11d, and the codewords of a QR code at level M (ISO/IEC 18004). */

/** By version from 1: correction codewords a block, then how many data codewords each block has. */
const BLOCKS: readonly (readonly [number, readonly number[]])[] = [
  [10, [16]],
  [16, [28]],
  [26, [44]],
  [18, [32, 32]],
  [24, [43, 43]],
  [16, [27, 27, 27, 27]],
  [18, [31, 31, 31, 31]],
  [22, [38, 38, 39, 39]],
  [22, [36, 36, 36, 37, 37]],
  [26, [43, 43, 43, 43, 44]],
];
const BYTES = 0b0100;

/** The smallest version that holds so many bytes. Raises `RangeError` beyond version 10. */
export function versionFor(length: number): number {
  const found = BLOCKS.findIndex(([, blocks], index) => {
    return length + (index + 1 < 10 ? 2 : 3) <= sum(blocks);
  });
  if (found < 0) throw new RangeError(`${length} bytes are too many for a code`);
  return found + 1;
}

/** The codewords of bytes: filled up, with their correction, interleaved. */
export function codewords(bytes: Uint8Array, version: number): number[] {
  const [correction, sizes] = BLOCKS[version - 1] ?? [0, []];
  const data = packed(bytes, version, sum(sizes));
  const divisor = generator(correction);
  const blocks: number[][] = [];
  for (let at = 0, index = 0; index < sizes.length; index++) {
    const size = sizes[index] ?? 0;
    blocks.push(data.slice(at, at + size));
    at += size;
  }
  return [...interleaved(blocks), ...interleaved(blocks.map((block) => remainder(block, divisor)))];
}

function packed(bytes: Uint8Array, version: number, room: number): number[] {
  const counted = version < 10 ? 8 : 16;
  const bits = [BYTES.toString(2).padStart(4, '0'), bytes.length.toString(2).padStart(counted, '0')];
  for (const byte of bytes) bits.push(byte.toString(2).padStart(8, '0'));
  const text = bits.join('').padEnd((bytes.length + 1 + counted / 8) * 8, '0');
  const words = text.match(/.{8}/g)?.map((one) => parseInt(one, 2)) ?? [];
  for (let pad = 0xec; words.length < room; pad ^= 0xec ^ 0x11) words.push(pad);
  return words;
}

function interleaved(blocks: readonly (readonly number[])[]): number[] {
  const longest = Math.max(...blocks.map((block) => block.length));
  const found: number[] = [];
  for (let index = 0; index < longest; index++) {
    for (const block of blocks) {
      const word = block[index];
      if (word !== undefined) found.push(word);
    }
  }
  return found;
}

function multiplied(one: number, other: number): number {
  let product = 0;
  for (let bit = 7; bit >= 0; bit--) {
    product = (product << 1) ^ ((product >>> 7) * 0x11d);
    product ^= ((other >>> bit) & 1) * one;
  }
  return product;
}

function generator(degree: number): number[] {
  const terms = [...new Array<number>(degree - 1).fill(0), 1];
  let root = 1;
  for (let step = 0; step < degree; step++) {
    for (let index = 0; index < degree; index++) {
      terms[index] = multiplied(terms[index] ?? 0, root) ^ (terms[index + 1] ?? 0);
    }
    root = multiplied(root, 2);
  }
  return terms;
}

function remainder(block: readonly number[], divisor: readonly number[]): number[] {
  const left = new Array<number>(divisor.length).fill(0);
  for (const word of block) {
    const factor = word ^ (left.shift() ?? 0);
    left.push(0);
    divisor.forEach((term, index) => (left[index] = (left[index] ?? 0) ^ multiplied(term, factor)));
  }
  return left;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((one, other) => one + other, 0);
}
