"""Scripts that clear away what an earlier app at this address left in a browser (features A6.7).

Such a browser has a service worker that answers from its cache. It asks for its own file again
sooner or later, and its cached page asks for `main.dart.js`: both get a script that ends it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

_WORKER = """\
// Takes the place of a retired service worker: forgets its caches, then ends itself.
self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(retire()));

async function retire() {
  for (const name of await caches.keys()) {
    if (name.startsWith("flutter-")) await caches.delete(name);
  }
  await self.registration.unregister();
  for (const page of await self.clients.matchAll({ type: "window" })) {
    await page.navigate(page.url);
  }
}
"""

_PAGE = """\
// Takes the place of a retired app: ends its worker, forgets its caches, loads the new page.
(async () => {
  if ("serviceWorker" in navigator) {
    for (const one of await navigator.serviceWorker.getRegistrations()) {
      const worker = one.active ?? one.waiting ?? one.installing;
      if (worker?.scriptURL.endsWith("/flutter_service_worker.js")) await one.unregister();
    }
  }
  if ("caches" in window) {
    for (const name of await caches.keys()) {
      if (name.startsWith("flutter-")) await caches.delete(name);
    }
  }
  const fresh = new URL("/?retired", location.href).href;
  if (location.href !== fresh) location.replace(fresh);
})();
"""

SCRIPTS: Final[Mapping[str, str]] = {
    "/flutter_service_worker.js": _WORKER,
    "/main.dart.js": _PAGE,
}
