import type { Messages } from '../i18n/en.ts';
import type { IconName } from '../ui/icons.ts';

export interface Destination {
  readonly path: string;
  readonly icon: IconName;
  readonly label: (words: Messages) => string;
}

/** Where the rail and the bar lead. */
export const NAVIGATION: readonly Destination[] = [
  { path: '/', icon: 'today', label: (words) => words.nav.today },
  { path: '/timeline', icon: 'timeline', label: (words) => words.nav.timeline },
];
