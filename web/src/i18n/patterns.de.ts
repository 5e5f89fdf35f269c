import type { PatternsMessages } from './patterns.en.ts';
import { plural } from './plural.ts';

const count = plural('de');

/** Die Muster auf Deutsch. */
export const de: PatternsMessages = {
  title: 'Muster',
  before: 'Das Jahr davor',
  after: 'Das Jahr danach',
  table: 'Als Tabelle',
  download: 'Als Datei sichern (CSV)',
  words: 'Wörter im Monat',
  weekdays: 'Wann du schreibst',
  mood: 'Wie es innen war',
  company: 'Was mit was zusammengeht',
  month: 'Monat',
  wordCount: 'Wörter',
  weekday: 'Wochentag',
  dayCount: 'Tage',
  score: 'Stimmung, 1 bis 5',
  tag: 'Stichwort',
  beside: 'Stimmung damit',
  without: 'Stimmung ohne',
  better: (tag) => `Tage mit ${tag} waren leichter als andere.`,
  worse: (tag) => `Tage mit ${tag} waren schwerer als andere.`,
  same: (tag) => `Tage mit ${tag} waren wie andere.`,
  days: (days) => count(days, { one: '# Tag', other: '# Tage' }),
  empty: 'In diesem Jahr steht noch nichts.',
  notYet: 'Dafür braucht es ein Stichwort mit Stimmung an acht Tagen, und acht Tage ohne.',
  noMood: 'In diesem Jahr ist keine Stimmung notiert.',
};
