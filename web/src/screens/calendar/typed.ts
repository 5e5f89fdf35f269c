import { dateOf, dayOf } from '../../journal/dates.ts';

/**
 * The address of a typed date: a year (`1665`), a month (`1665-06`, `6/1665`, `June 1665` in the
 * words of the locale), a day (`1665-06-12`, `12.6.1665`), else null.
 */
export function addressOf(typed: string, locale: string): string | null {
  const text = typed.trim();
  if (/^\d{4}$/.test(text)) return `/calendar/${text}`;
  const parts = numbered(text) ?? named(text, locale);
  if (!parts) return null;
  const [year = '', month = '', day] = parts.map((part, index) => part.padStart(index ? 2 : 4, '0'));
  const date = [year, month, day ?? '01'].join('-');
  // A day that does not exist would roll over into the next month.
  if (dayOf(dateOf(date)) !== date) return null;
  return `/calendar/${[year, month, ...(day ? [day] : [])].join('/')}`;
}

function numbered(text: string): string[] | undefined {
  return (
    /^(\d{4})-(\d{1,2})(?:-(\d{1,2}))?$/.exec(text)?.slice(1).filter(Boolean)
    ?? /^(?:(\d{1,2})\.)?(\d{1,2})[./](\d{4})$/.exec(text)?.slice(1).filter(Boolean).reverse()
  );
}

function named(text: string, locale: string): string[] | null {
  const [, name = '', year = ''] = /^(\p{L}+)\.?\s+(\d{4})$/u.exec(text) ?? [];
  if (!name) return null;
  const wanted = name.toLocaleLowerCase(locale);
  const month = Array.from({ length: 12 }, (_, index) => index).find((index) =>
    new Intl.DateTimeFormat(locale, { month: 'long' })
      .format(new Date(2024, index, 1, 12))
      .toLocaleLowerCase(locale)
      .startsWith(wanted),
  );
  return month === undefined || wanted.length < 3 ? null : [year, String(month + 1)];
}
