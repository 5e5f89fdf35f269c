import type { Component } from 'svelte';

type Screen = () => Promise<Component>;

const CALENDAR = /^\/calendar(?:\/\d{4}(?:\/\d{2}\/\d{2})?)?$/;

/** Every screen by its address; each but Today is loaded when it is first gone to. */
const SCREENS: readonly (readonly [RegExp, Screen])[] = [
  [/^\/$/, async () => (await import('../screens/today/Today.svelte')).default],
  [/^\/timeline$/, async () => (await import('../screens/timeline/Timeline.svelte')).default],
  [/^\/entry\/[^/]+$/, async () => (await import('../screens/entry/Entry.svelte')).default],
  [/^\/search$/, async () => (await import('../screens/search/Search.svelte')).default],
  [CALENDAR, async () => (await import('../screens/calendar/Calendar.svelte')).default],
];

export function screenAt(path: string): Screen | null {
  return SCREENS.find(([pattern]) => pattern.test(path))?.[1] ?? null;
}
