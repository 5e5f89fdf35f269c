import { de } from '../../i18n/admin.de.ts';
import { en, type AdminMessages } from '../../i18n/admin.en.ts';
import { language } from '../../i18n/index.svelte.ts';

/** The words of the administration. */
export function adminWords(): AdminMessages {
  return language.locale.startsWith('de') ? de : en;
}
