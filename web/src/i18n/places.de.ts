import type { PlacesMessages } from './places.en.ts';
import { plural } from './plural.ts';

const count = plural('de');

/** Die Orte auf Deutsch. */
export const de: PlacesMessages = {
  title: 'Orte',
  map: 'Wo du geschrieben hast, von oben gesehen: Norden ist oben',
  entries: (entries) => count(entries, { one: '# Eintrag', other: '# Einträge' }),
  empty: 'Noch sagt kein Eintrag, wo er geschrieben wurde. In seinen Angaben ist Platz für einen Ort.',
  more: 'Weiter zurück sehen',
  looked: (entries) => count(entries, { one: 'Aus dem letzten Eintrag.', other: 'Aus den letzten # Einträgen.' }),
};
