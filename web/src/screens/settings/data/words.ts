import { de } from '../../../i18n/data.de.ts';
import { en, type DataMessages } from '../../../i18n/data.en.ts';
import { language } from '../../../i18n/index.svelte.ts';

export function dataWords(): DataMessages {
  return language.locale.startsWith('de') ? de : en;
}
