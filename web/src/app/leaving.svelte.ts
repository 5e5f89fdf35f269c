import { session } from '../api/session.svelte.ts';
import { desk } from '../writing/desk.svelte.ts';
import { router } from './router.svelte.ts';

/** Signing out, which wipes this device: held back while a text stands on it alone. */
export class Leaving {
  isHeldBack: boolean = $state(false);

  async leave(): Promise<void> {
    await desk.sendAll();
    const { outbox } = await import('../media/outbox.svelte.ts');
    await outbox.sendAll();
    this.isHeldBack = (await desk.hasUnsent()) || (await outbox.hasUnsent());
    if (this.isHeldBack) return;
    desk.close();
    outbox.close();
    await session.signOut();
    // A server that signs in by its provider at once would bring them straight back.
    router.go('/login?stay', 'replace');
  }
}
