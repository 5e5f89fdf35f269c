import { overlay } from './overlay.svelte.ts';
import { router } from './router.svelte.ts';

/** Where a key leads after `g`. */
const PLACES: Readonly<Record<string, string>> = { t: '/', l: '/timeline', c: '/calendar', p: '/patterns' };
const PAUSE = 1500;

/** Follows the keys that work everywhere; returns what ends that. */
export function followKeys(): () => void {
  let going = 0;
  function press(event: KeyboardEvent): void {
    const opened = opens(event);
    if (opened) {
      event.preventDefault();
      overlay.shown = opened;
      return;
    }
    const to = leadsTo(event, Date.now() - going < PAUSE);
    going = event.key === 'g' && !isTyping(event) ? Date.now() : 0;
    if (to === null) return;
    event.preventDefault();
    router.go(to);
  }
  addEventListener('keydown', press);
  return () => removeEventListener('keydown', press);
}

function opens(event: KeyboardEvent): 'palette' | 'keys' | null {
  const held = event.ctrlKey || event.metaKey;
  if (held && !event.shiftKey && !event.altKey && event.key === 'k') return 'palette';
  return event.key === '?' && !held && !event.altKey && !isTyping(event) ? 'keys' : null;
}

function leadsTo(event: KeyboardEvent, going: boolean): string | null {
  const held = event.ctrlKey || event.metaKey;
  if (held || event.altKey || isTyping(event)) return null;
  if (going) return PLACES[event.key] ?? null;
  if (event.key === 'n') return '/?new';
  return event.key === '/' ? '/search' : null;
}

function isTyping(event: KeyboardEvent): boolean {
  const { target } = event;
  return target instanceof HTMLElement && target.matches('input, textarea, select, [contenteditable] *, [contenteditable]');
}
