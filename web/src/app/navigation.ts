import type { Messages } from '../i18n/en.ts';
import type { IconName } from '../ui/icons.ts';

export interface Destination {
  readonly path: string;
  readonly icon: IconName;
  readonly label: (words: Messages) => string;
}

/** Whether a place belongs to a destination: itself, or what lies below it. */
export function isAt(destination: Destination, path: string): boolean {
  const { path: own } = destination;
  return path === own || (own !== '/' && path.startsWith(`${own}/`));
}

/** Where the rail leads. */
export const NAVIGATION: readonly Destination[] = [
  { path: '/', icon: 'today', label: (words) => words.nav.today },
  { path: '/timeline', icon: 'timeline', label: (words) => words.nav.timeline },
  { path: '/calendar', icon: 'calendar', label: (words) => words.nav.calendar },
  { path: '/photos', icon: 'picture', label: (words) => words.nav.photos },
  { path: '/places', icon: 'places', label: (words) => words.nav.places },
  { path: '/patterns', icon: 'patterns', label: (words) => words.nav.patterns },
  { path: '/search', icon: 'search', label: (words) => words.nav.search },
];

const ON_BAR = new Set(['/', '/timeline', '/calendar', '/patterns']);

/** Where the bar of a phone leads, besides its pen. */
export const BAR: readonly Destination[] = NAVIGATION.filter(({ path }) => ON_BAR.has(path));

/** What a phone has no room for on its bar. */
export const BESIDE_BAR: readonly Destination[] = NAVIGATION.filter(({ path }) => !ON_BAR.has(path));
