/** The service worker: opens the app without a network, from the files of one build. */

declare const self: ServiceWorkerGlobalScope;

/** Both are put in by the build. */
const PATHS = '__PRECACHE__' as unknown as readonly string[];
const VERSION = '__VERSION__' as string;
const SHARE = '/share';
const CACHE = `journiv-${VERSION}`;
/** Of the server's own, never of the app's. */
const ELSEWHERE = /^\/(?:api|media|oidc|livez|readyz|\.well-known)(?:\/|$)/;

self.addEventListener('install', (event) => {
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll(PATHS)));
});

self.addEventListener('activate', (event) => {
  event.waitUntil(forgetOthers().then(() => self.clients.claim()));
});

/** The page asks for the change at a quiet moment: nobody is thrown out of a sentence. */
self.addEventListener('message', (event) => {
  if (event.data === 'take-over') void self.skipWaiting();
});

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method === 'POST' && url.origin === location.origin && url.pathname === SHARE) {
    event.respondWith(receive(request));
    return;
  }
  if (request.method !== 'GET' || url.origin !== location.origin) return;
  if (ELSEWHERE.test(url.pathname)) return;
  event.respondWith(answer(request, url));
});

/** A page is always the one of this build, so that it finds its own scripts. */
async function answer(request: Request, url: URL): Promise<Response> {
  const cache = await caches.open(CACHE);
  const known = await cache.match(request.mode === 'navigate' ? '/index.html' : url.pathname);
  return known ?? fetch(request);
}

/** Keeps what another app shares until the page asks the person about it. */
async function receive(request: Request): Promise<Response> {
  const headers = { 'Content-Type': request.headers.get('Content-Type') ?? '' };
  const cache = await caches.open('shared');
  await cache.put(SHARE, new Response(await request.blob(), { headers }));
  return Response.redirect(SHARE, 303);
}

async function forgetOthers(): Promise<void> {
  for (const name of await caches.keys()) {
    if (name.startsWith('journiv-') && name !== CACHE) await caches.delete(name);
  }
}

export {};
