import { de } from '../i18n/media.de.ts';
import { en, type MediaMessages } from '../i18n/media.en.ts';
import { language } from '../i18n/index.svelte.ts';

/** The words of pictures, sounds and films. */
export function mediaWords(): MediaMessages {
  return language.locale.startsWith('de') ? de : en;
}
