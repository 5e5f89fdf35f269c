import type { Medium } from '../api/client.ts';
import { dayOf } from '../journal/dates.ts';

/** The media of one month, as they came. */
export interface Month {
  /** `YYYY-MM`. */
  readonly month: string;
  readonly media: readonly Medium[];
}

/** Media by the month they were added in, in the order they are given; months are those of this device. */
export function byMonth(media: readonly Medium[]): readonly Month[] {
  const months = new Map<string, Medium[]>();
  for (const medium of media) {
    const month = dayOf(new Date(medium.created_at)).slice(0, 7);
    months.set(month, [...(months.get(month) ?? []), medium]);
  }
  return Array.from(months, ([month, found]) => ({ month, media: found }));
}
