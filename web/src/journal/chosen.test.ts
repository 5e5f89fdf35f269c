import { afterEach, expect, test, vi } from 'vitest';
import { journalToWriteIn } from './chosen.ts';

const imported = { id: 'imported', created_at: '2026-11-24T20:00:00.000000Z', is_archived: false };
const own = { id: 'own', created_at: '2026-01-02T08:00:00.000000Z', is_archived: false };
const closed = { id: 'closed', created_at: '2025-01-02T08:00:00.000000Z', is_archived: true };

afterEach(() => vi.unstubAllGlobals());

test('a new text goes on in the oldest open journal when an import brought a newer one', () => {
  expect(journalToWriteIn([imported, own, closed])).toBe(own);
});

test('a new text goes into the journal chosen last', () => {
  vi.stubGlobal('localStorage', { getItem: () => 'imported' });
  expect(journalToWriteIn([imported, own])).toBe(imported);
});

test('a new text has no journal where there is none', () => {
  expect(journalToWriteIn([closed])).toBeUndefined();
});
