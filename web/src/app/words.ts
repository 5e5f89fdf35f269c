import type { Problem } from '../api/problem.ts';
import { language } from '../i18n/index.svelte.ts';

/** What to tell a person about a problem. */
export function wordsFor(problem: Problem): string {
  const { problems } = language.words;
  if (problem.kind === 'offline') return problems.offline;
  return problem.kind === 'busy' || !problem.detail ? problems.busy : problem.detail;
}
