import { de } from '../../i18n/palette.de.ts';
import { en, type PaletteMessages } from '../../i18n/palette.en.ts';
import { language } from '../../i18n/index.svelte.ts';

export function paletteWords(): PaletteMessages {
  return language.locale.startsWith('de') ? de : en;
}
