import type { Component } from 'svelte';

type Screen = () => Promise<Component>;

const CALENDAR = /^\/calendar(?:\/\d{4}(?:\/(?:0[1-9]|1[0-2])(?:\/\d{2})?)?)?$/;

/** Every screen by its address; each but Today is loaded when it is first gone to. */
const SCREENS: readonly (readonly [RegExp, Screen])[] = [
  [/^\/$/, async () => (await import('../screens/today/Today.svelte')).default],
  [/^\/welcome$/, async () => (await import('../screens/welcome/Welcome.svelte')).default],
  [/^\/timeline$/, async () => (await import('../screens/timeline/Timeline.svelte')).default],
  [/^\/journals$/, async () => (await import('../screens/journals/Journals.svelte')).default],
  [/^\/journal\/[^/]+$/, async () => (await import('../screens/journals/JournalPage.svelte')).default],
  [/^\/entry\/[^/]+\/history$/, async () => (await import('../screens/history/History.svelte')).default],
  [/^\/trash$/, async () => (await import('../screens/trash/Trash.svelte')).default],
  [/^\/drafts$/, async () => (await import('../screens/drafts/Drafts.svelte')).default],
  [/^\/tags$/, async () => (await import('../screens/tags/Tags.svelte')).default],
  [/^\/tag\/[^/]+$/, async () => (await import('../screens/tags/TagPage.svelte')).default],
  [/^\/entry\/[^/]+$/, async () => (await import('../screens/entry/Entry.svelte')).default],
  [/^\/settings(?:\/[a-z]+)?$/, async () => (await import('../screens/settings/Settings.svelte')).default],
  [/^\/admin(?:\/[a-z]+)?$/, async () => (await import('../screens/admin/Admin.svelte')).default],
  [/^\/share$/, async () => (await import('../screens/share/Share.svelte')).default],
  [/^\/photos$/, async () => (await import('../screens/photos/Photos.svelte')).default],
  [/^\/places$/, async () => (await import('../screens/places/Places.svelte')).default],
  [/^\/patterns$/, async () => (await import('../screens/patterns/Patterns.svelte')).default],
  [/^\/search$/, async () => (await import('../screens/search/Search.svelte')).default],
  [CALENDAR, async () => (await import('../screens/calendar/Calendar.svelte')).default],
];

export function screenAt(path: string): Screen | null {
  return SCREENS.find(([pattern]) => pattern.test(path))?.[1] ?? null;
}
