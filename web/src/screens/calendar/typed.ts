import { dateOf, dayOf } from '../../journal/dates.ts';

/** The address of a typed date: a year (`1665`), a day (`1665-06-12`, `12.6.1665`), else null. */
export function addressOf(typed: string): string | null {
  const text = typed.trim();
  if (/^\d{4}$/.test(text)) return `/calendar/${text}`;
  const parts = /^(\d{4})-(\d{1,2})-(\d{1,2})$/.exec(text)?.slice(1)
    ?? /^(\d{1,2})\.(\d{1,2})\.(\d{4})$/.exec(text)?.slice(1).reverse();
  if (!parts) return null;
  const day = parts.map((part, index) => part.padStart(index ? 2 : 4, '0')).join('-');
  // A day that does not exist would roll over into the next month.
  return dayOf(dateOf(day)) === day ? `/calendar/${day.replaceAll('-', '/')}` : null;
}
