import { language } from '../../i18n/index.svelte.ts';
import { de } from '../../i18n/places.de.ts';
import { en, type PlacesMessages } from '../../i18n/places.en.ts';

/** The words of the places. */
export function placesWords(): PlacesMessages {
  return language.locale.startsWith('de') ? de : en;
}
