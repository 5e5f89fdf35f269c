/** Where the person is, as the address says. */

export interface Place {
  readonly path: string;
  readonly query: URLSearchParams;
}

/** Asked before the place changes; `false` keeps the person where they are. */
export type Guard = () => boolean;

class Router {
  place: Place = $state.raw(placeOf(location));
  readonly #guards = new Set<Guard>();

  /** Follows the address bar and every link of our own. Call once. */
  start(): void {
    addEventListener('popstate', () => this.#arrive());
    document.addEventListener('click', (event) => {
      const to = internal(event);
      if (to === null) return;
      event.preventDefault();
      this.go(to);
    });
  }

  go(to: string, how: 'push' | 'replace' = 'push'): void {
    for (const guard of this.#guards) if (!guard()) return;
    if (how === 'push') history.pushState(null, '', to);
    else history.replaceState(null, '', to);
    scrollTo(0, 0);
    this.#arrive();
  }

  /** Adds a guard and returns what takes it away again. */
  guard(guard: Guard): () => void {
    this.#guards.add(guard);
    return () => this.#guards.delete(guard);
  }

  #arrive(): void {
    this.place = placeOf(location);
  }
}

export const router = new Router();

function placeOf(address: Location): Place {
  return { path: address.pathname, query: new URLSearchParams(address.search) };
}

function internal(event: MouseEvent): string | null {
  const held = event.metaKey || event.ctrlKey || event.shiftKey || event.altKey;
  if (event.defaultPrevented || event.button !== 0 || held) return null;
  const link = event.target instanceof Element ? event.target.closest('a') : null;
  if (!link || link.origin !== location.origin || link.target || link.hasAttribute('download')) {
    return null;
  }
  if (link.hash && link.pathname === location.pathname) return null;
  return link.pathname + link.search + link.hash;
}
