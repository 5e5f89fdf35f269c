import type { Moment } from '../../api/client.ts';

/** Somewhere one wrote: by its name, or by where it is when it has none. */
export interface Place {
  readonly name: string;
  readonly latitude: number | null;
  readonly longitude: number | null;
  readonly moments: readonly Moment[];
}

/** Groups moments by place, the most written at first; moments without one are left out. */
export function placesOf(moments: readonly Moment[]): Place[] {
  const groups = new Map<string, Moment[]>();
  for (const moment of moments) {
    const name = nameOf(moment);
    if (name) groups.set(name, [...(groups.get(name) ?? []), moment]);
  }
  const places = [...groups].map(([name, found]) => {
    const located = found.find(({ latitude, longitude }) => latitude !== null && longitude !== null);
    return {
      name,
      latitude: located?.latitude ?? null,
      longitude: located?.longitude ?? null,
      moments: found,
    };
  });
  return places.sort((one, other) => other.moments.length - one.moments.length);
}

function nameOf({ location, latitude, longitude }: Moment): string | null {
  if (location) return location;
  if (latitude === null || longitude === null) return null;
  return `${latitude.toFixed(2)}, ${longitude.toFixed(2)}`;
}

export interface Dot {
  readonly place: Place;
  readonly x: number;
  readonly y: number;
  readonly radius: number;
}

const MARGIN = 0.14;

/** Puts places on a sheet of so many units by Mercator's projection, north up, as large as they fit. */
export function sheet(places: readonly Place[], width: number, height: number): Dot[] {
  const points = places.flatMap((place) => {
    const { latitude, longitude } = place;
    return latitude === null || longitude === null ? [] : [{ place, ...mercator(latitude, longitude) }];
  });
  const across = span(points.map(({ x }) => x));
  const down = span(points.map(({ y }) => y));
  const room = 1 - 2 * MARGIN;
  const scale = Math.min((width * room) / across.length, (height * room) / down.length);
  return points.map(({ place, x, y }) => ({
    place,
    x: width / 2 + (x - across.middle) * scale,
    y: height / 2 + (y - down.middle) * scale,
    radius: 6 + 3 * Math.sqrt(place.moments.length),
  }));
}

function mercator(latitude: number, longitude: number): { x: number; y: number } {
  const bounded = Math.min(Math.max(latitude, -85), 85);
  const angle = (bounded * Math.PI) / 180;
  return { x: longitude, y: (-Math.log(Math.tan(Math.PI / 4 + angle / 2)) * 180) / Math.PI };
}

/** The middle of values and how far they reach, a village at least. */
function span(values: readonly number[]): { middle: number; length: number } {
  const [least, most] = [Math.min(...values), Math.max(...values)];
  return { middle: (least + most) / 2, length: Math.max(most - least, 0.02) };
}
