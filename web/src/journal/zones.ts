/** The clock on the wall in a time zone, and the instant it shows. */

/** `YYYY-MM-DDTHH:MM` in a zone, as `<input type="datetime-local">` takes it. */
export function wallAt(instant: Date, zone: string): string {
  return new Date(instant.getTime() + offset(instant, zone)).toISOString().slice(0, 16);
}

/** The instant a wall clock shows; the first of two when clocks go back. */
export function instantOf(wall: string, zone: string): Date {
  const asUtc = new Date(`${wall}Z`);
  const near = new Date(asUtc.getTime() - offset(asUtc, zone));
  return new Date(asUtc.getTime() - offset(near, zone));
}

/** Milliseconds a zone is ahead of UTC at an instant, in whole minutes. */
function offset(instant: Date, zone: string): number {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    timeZoneName: 'longOffset',
  });
  const name = format.formatToParts(instant).find((part) => part.type === 'timeZoneName')?.value;
  const found = /([+-])(\d{2}):(\d{2})/.exec(name ?? '');
  if (!found) return 0;
  const minutes = Number(found[2]) * 60 + Number(found[3]);
  return (found[1] === '-' ? -minutes : minutes) * 60_000;
}
