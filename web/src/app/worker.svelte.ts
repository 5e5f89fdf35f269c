/** The service worker as the page sees it. */
class Worker {
  /** A newer version of the app waits; `update` takes it. */
  isNewer: boolean = $state(false);
  #waiting: ServiceWorker | null = null;

  /** Registers it where the browser allows one (https, or this very machine). */
  async start(): Promise<void> {
    if (!('serviceWorker' in navigator)) return;
    const registration = await navigator.serviceWorker.register(address(), { type: 'module' });
    if (registration.waiting && registration.active) this.#found(registration.waiting);
    registration.addEventListener('updatefound', () => {
      const found = registration.installing;
      found?.addEventListener('statechange', () => {
        if (found.state === 'installed' && registration.active) this.#found(found);
      });
    });
  }

  /** Loads the newer version. Call it when every text is kept. */
  update(): void {
    navigator.serviceWorker.addEventListener('controllerchange', () => location.reload());
    this.#waiting?.postMessage('take-over');
  }

  #found(worker: ServiceWorker): void {
    this.#waiting = worker;
    this.isNewer = true;
  }
}

export const worker = new Worker();

/** Registering is a sink of Trusted Types: the policy knows this one address. */
function address(): string {
  const url = '/sw.js';
  const policy = window.trustedTypes?.createPolicy('journal-sw', { createScriptURL: () => url });
  return policy?.createScriptURL(url) ?? url;
}
