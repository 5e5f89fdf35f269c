import { language } from '../../i18n/index.svelte.ts';
import { de } from '../../i18n/settings.de.ts';
import { en, type SettingsMessages } from '../../i18n/settings.en.ts';

/** The words of the settings. All languages are here, since here one changes between them. */
export function settingsWords(): SettingsMessages {
  return language.locale.startsWith('de') ? de : en;
}
