/** Days as the server writes them (`YYYY-MM-DD`), and how people read them. */

export type Part = 'morning' | 'afternoon' | 'evening' | 'night';

export function dayOf(date: Date): string {
  const two = (value: number): string => String(value).padStart(2, '0');
  const year = String(date.getFullYear()).padStart(4, '0');
  return `${year}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

/** Local noon of a day: no change of clocks moves noon to another day. */
export function dateOf(day: string): Date {
  const [year = 1, month = 1, date = 1] = day.split('-').map(Number);
  const noon = new Date(2000, month - 1, date, 12);
  noon.setFullYear(year, month - 1, date);
  return noon;
}

export function partOf(date: Date): Part {
  const hour = date.getHours();
  if (hour < 5) return 'night';
  if (hour < 12) return 'morning';
  return hour < 18 ? 'afternoon' : 'evening';
}

export function daysIn(year: number, month: number): number {
  return new Date(year, month + 1, 0).getDate();
}

/** Weekday of a month's first day, counted from the week's own first day (0 is Monday). */
export function leading(year: number, month: number, firstDay: number): number {
  return (new Date(year, month, 1).getDay() + 6 - firstDay + 7) % 7;
}

/** A moment's clock time where it was written; entries keep their zone. */
export function clock(instant: string, zone: string, locale: string): string {
  const when = new Date(instant);
  const short = { hour: '2-digit', minute: '2-digit' } as const;
  try {
    return new Intl.DateTimeFormat(locale, { ...short, timeZone: zone }).format(when);
  } catch {
    return new Intl.DateTimeFormat(locale, short).format(when);
  }
}
