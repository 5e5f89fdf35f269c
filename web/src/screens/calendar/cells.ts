import { daysIn, leading } from '../../journal/dates.ts';

/** The day a key leads to in a month of so many days; null when it is no key of the grid. */
export function stepped(key: string, day: number, length: number, columnOf: (day: number) => number): number | null {
  const steps: Readonly<Record<string, number>> = {
    ArrowLeft: day - 1,
    ArrowRight: day + 1,
    ArrowUp: day - 7,
    ArrowDown: day + 7,
    Home: day - columnOf(day),
    End: day + 6 - columnOf(day),
  };
  const wanted = steps[key];
  return wanted === undefined ? null : Math.min(Math.max(wanted, 1), length);
}

/** The weeks of a month (0 is January) as rows of seven; null where it has no day. */
export function weeks(year: number, month: number, firstDay: number): (number | null)[][] {
  const before: null[] = Array.from({ length: leading(year, month, firstDay) }, () => null);
  const days = Array.from({ length: daysIn(year, month) }, (_, index) => index + 1);
  const cells = [...before, ...days];
  const rows = Array.from({ length: Math.ceil(cells.length / 7) }, (_, row) => cells.slice(row * 7, row * 7 + 7));
  return rows.map((row) => [...row, ...Array.from({ length: 7 - row.length }, () => null)]);
}
