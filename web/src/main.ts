import { mount } from 'svelte';
import './styles/tokens.css';
import './styles/fonts.css';
import './styles/base.css';
import App from './App.svelte';
import { FIRST_VIEW } from './app/first-view.ts';
import { router } from './app/router.svelte.ts';
import { screenAt } from './app/screens.ts';
import { worker } from './app/worker.svelte.ts';
import { session } from './api/session.svelte.ts';
import { keptLanguage, language, wantedLocales } from './i18n/index.svelte.ts';
import { desk } from './writing/desk.svelte.ts';

router.start();
addEventListener('pagehide', () => desk.leave());
document.addEventListener('visibilitychange', () => {
  if (document.visibilityState === 'hidden') desk.leave();
});
addEventListener('online', () => void sendAll());

// What is shown first comes over while the session is resumed, not after it.
if (session.expected) void screenAt(router.place.path)?.();
await Promise.all([language.choose(wantedLocales(keptLanguage())), session.resume()]);
mount(App, { target: document.body });

await document.fonts.ready;
performance.mark(FIRST_VIEW);
if (session.standing === 'signed-in') void sendAll();
void import('./styles/italic.css');
void worker.start();

/** Sends what this device has and the server has not: texts, then their pictures. */
async function sendAll(): Promise<void> {
  await desk.sendAll();
  const { outbox } = await import('./media/outbox.svelte.ts');
  await outbox.sendAll();
}
