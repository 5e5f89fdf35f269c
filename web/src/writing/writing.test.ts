import { expect, test } from 'vitest';
import type { Draft } from './draft.ts';
import { Writing } from './writing.svelte.ts';

const nowhere = { create: unasked, replace: unasked, read: unasked };

function unasked(): never {
  throw new Error('nothing is to be sent');
}

function written(content: string): Draft {
  return {
    id: 'a', person: 'p', journal: 'j', prompt: null, begun: '2026-11-24T10:00:00Z', zone: 'UTC',
    title: '', content, pictured: false, held: { title: '', content, etag: '"1"' }, sent: [], turn: 0,
  };
}

test('a change that is taken back is saved, and is kept here no longer', async () => {
  const kept = new Set<string>();
  const shelf = {
    put: async ({ id }: Draft) => void kept.add(id),
    remove: async (id: string) => void kept.delete(id),
    all: async () => [],
  };
  const writing = new Writing(written('one'), shelf, nowhere);
  writing.change({ content: 'one t' });
  writing.change({ content: 'one', pictured: true });
  await writing.keep();
  expect([writing.state, kept.size]).toEqual(['kept', 1]);
  await writing.save();
  expect([writing.state, kept.size]).toEqual(['saved', 0]);
});

test('a text that was emptied is not called saved', async () => {
  const writing = new Writing(written('one'), null, nowhere);
  writing.change({ content: '' });
  await writing.save();
  expect(writing.state).toBe('dirty');
});
