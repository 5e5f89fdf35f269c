import type { Journal } from '../../api/client.ts';

type Colour = NonNullable<Journal['color']>;

/** The colours one picks from, of those the server takes. */
export const COLOURS: readonly Colour[] = [
  '#EF4444',
  '#F97316',
  '#EAB308',
  '#22C55E',
  '#14B8A6',
  '#0EA5E9',
  '#6366F1',
  '#A855F7',
  '#EC4899',
  '#78716C',
];
