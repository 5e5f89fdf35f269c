import { language } from '../../i18n/index.svelte.ts';
import { de } from '../../i18n/patterns.de.ts';
import { en, type PatternsMessages } from '../../i18n/patterns.en.ts';

/** The words of the patterns. */
export function patternsWords(): PatternsMessages {
  return language.locale.startsWith('de') ? de : en;
}
