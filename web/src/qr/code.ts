import { codewords, versionFor } from './blocks.ts';

/** Centres of the alignment patterns by version from 1. */
const ALIGNED: readonly (readonly number[])[] = [
  [],
  [6, 18],
  [6, 22],
  [6, 26],
  [6, 30],
  [6, 34],
  [6, 22, 38],
  [6, 24, 42],
  [6, 26, 46],
  [6, 28, 50],
];
/** Which modules each mask turns over. */
const MASKS: readonly ((row: number, column: number) => boolean)[] = [
  (row, column) => (row + column) % 2 === 0,
  (row) => row % 2 === 0,
  (_, column) => column % 3 === 0,
  (row, column) => (row + column) % 3 === 0,
  (row, column) => (Math.floor(row / 2) + Math.floor(column / 3)) % 2 === 0,
  (row, column) => ((row * column) % 2) + ((row * column) % 3) === 0,
  (row, column) => (((row * column) % 2) + ((row * column) % 3)) % 2 === 0,
  (row, column) => (((row + column) % 2) + ((row * column) % 3)) % 2 === 0,
];

type Grid = (boolean | null)[][];

/** Draws text as a QR code (model 2, level M): rows of modules, true where it is dark. */
export function qrCode(text: string): readonly (readonly boolean[])[] {
  const bytes = new TextEncoder().encode(text);
  const version = versionFor(bytes.length);
  const frame = framed(version);
  const words = codewords(bytes, version);
  const drawn = MASKS.map((_, mask) => finished(frame, words, version, mask));
  return drawn.reduce((best, one) => (penalty(one) < penalty(best) ? one : best));
}

/** The patterns every code of a version has; null where data goes. */
function framed(version: number): Grid {
  const size = 17 + 4 * version;
  const grid: Grid = Array.from({ length: size }, () => new Array<boolean | null>(size).fill(null));
  for (let at = 8; at < size - 8; at++) {
    put(grid, 6, at, at % 2 === 0);
    put(grid, at, 6, at % 2 === 0);
  }
  for (const [row, column] of [[3, 3], [3, size - 4], [size - 4, 3]] as const) square(grid, row, column, 4);
  const centres = ALIGNED[version - 1] ?? [];
  const last = centres.at(-1);
  for (const row of centres) {
    for (const column of centres) {
      const inFinder = (row === 6 && (column === 6 || column === last)) || (column === 6 && row === last);
      if (!inFinder) square(grid, row, column, 2);
    }
  }
  label(grid, 0);
  if (version >= 7) numbered(grid, version);
  return grid;
}

/** Rings around a centre: a finder reaches 4 modules (its rim is light), an alignment pattern 2. */
function square(grid: Grid, row: number, column: number, reach: number): void {
  for (let down = -reach; down <= reach; down++) {
    for (let right = -reach; right <= reach; right++) {
      const ring = Math.max(Math.abs(down), Math.abs(right));
      put(grid, row + down, column + right, reach === 4 ? ring !== 2 && ring !== 4 : ring !== 1);
    }
  }
}

function put(grid: Grid, row: number, column: number, isDark: boolean): void {
  const line = grid[row];
  if (line && column >= 0 && column < line.length) line[column] = isDark;
}

/** Writes level and mask twice, protected by BCH (15, 5). */
function label(grid: Grid, mask: number): void {
  const size = grid.length;
  const axis = 8;
  const value = (bch(mask, 10, 0x537) | (mask << 10)) ^ 0x5412;
  for (let bit = 0; bit < 15; bit++) {
    const isDark = ((value >>> bit) & 1) === 1;
    const near = bit < 6 ? bit : bit < 8 ? bit + 1 : 14 - bit + (bit < 9 ? 1 : 0);
    if (bit < 8) {
      put(grid, near, axis, isDark);
      put(grid, axis, size - 1 - bit, isDark);
    } else {
      put(grid, axis, near, isDark);
      put(grid, size - 15 + bit, axis, isDark);
    }
  }
  put(grid, size - 8, axis, true);
}

function numbered(grid: Grid, version: number): void {
  const value = bch(version, 12, 0x1f25) | (version << 12);
  for (let bit = 0; bit < 18; bit++) {
    const isDark = ((value >>> bit) & 1) === 1;
    const [far, near] = [grid.length - 11 + (bit % 3), Math.floor(bit / 3)];
    put(grid, far, near, isDark);
    put(grid, near, far, isDark);
  }
}

/** Remainder of a value shifted by `bits`, divided by a generator. */
function bch(value: number, bits: number, generator: number): number {
  let left = value;
  for (let step = 0; step < bits; step++) left = (left << 1) ^ ((left >>> (bits - 1)) * generator);
  return left;
}

function finished(frame: Grid, words: readonly number[], version: number, mask: number): boolean[][] {
  const grid = frame.map((row) => [...row]);
  const covers = MASKS[mask] ?? (() => false);
  const size = 17 + 4 * version;
  let bit = 0;
  for (let right = size - 1; right > 0; right -= 2) {
    if (right === 6) right = 5;
    for (let step = 0; step < size; step++) {
      const row = ((right + 1) & 2) === 0 ? size - 1 - step : step;
      for (const column of [right, right - 1]) {
        if (frame[row]?.[column] !== null) continue;
        const isSet = (((words[bit >>> 3] ?? 0) >>> (7 - (bit & 7))) & 1) === 1;
        put(grid, row, column, isSet !== covers(row, column));
        bit += 1;
      }
    }
  }
  label(grid, mask);
  return grid.map((row) => row.map((module) => module === true));
}

/** How hard a code is to read: long runs, blocks of one colour, false finders, much of one colour. */
function penalty(grid: readonly (readonly boolean[])[]): number {
  const size = grid.length;
  const lines = grid.map((row) => row.map(Number).join(''));
  const columns = grid.map((_, column) => grid.map((row) => Number(row[column])).join(''));
  let points = 0;
  for (const line of [...lines, ...columns]) {
    for (const run of line.match(/0{5,}|1{5,}/g) ?? []) points += run.length - 2;
    points += 40 * (line.match(/(?=10111010000|00001011101)/g)?.length ?? 0);
  }
  for (let row = 1; row < size; row++) {
    for (let column = 1; column < size; column++) {
      const four = [grid[row], grid[row - 1]].map((line) => [line?.[column], line?.[column - 1]]).flat();
      if (four.every((module) => module === four[0])) points += 3;
    }
  }
  const dark = lines.join('').replaceAll('0', '').length / size ** 2;
  return points + 10 * Math.floor(Math.abs(dark * 100 - 50) / 5);
}
