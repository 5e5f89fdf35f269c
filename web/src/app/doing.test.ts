import { expect, test } from 'vitest';
import { Problem } from '../api/problem.ts';
import { Doing } from './doing.svelte.ts';

test('what is asked while something is under way is done after it', async () => {
  const doing = new Doing();
  const done: number[] = [];
  let release = (): void => {};
  const first = doing.run(() => new Promise<void>((resolve) => (release = resolve)).then(() => done.push(1)));
  const second = doing.run(async () => done.push(2));
  await Promise.resolve();
  expect([done, doing.isBusy]).toEqual([[], true]);
  release();
  expect(await Promise.all([first, second])).toEqual([true, true]);
  expect([done, doing.isBusy]).toEqual([[1, 2], false]);
});

test('a problem is kept until the next thing is done', async () => {
  const doing = new Doing();
  expect(await doing.run(() => Promise.reject(new Problem(422, 'no')))).toBe(false);
  expect(doing.problem?.detail).toBe('no');
  expect(await doing.run(async () => 1)).toBe(true);
  expect([doing.problem, doing.isBusy]).toEqual([null, false]);
});
