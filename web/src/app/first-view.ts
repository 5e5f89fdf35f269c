/** The mark that the first view is complete; what can wait loads after it. */
export const FIRST_VIEW = 'first-view';

/** Resolves once the first view is complete. */
export function afterFirstView(): Promise<void> {
  return new Promise((resolve) => {
    new PerformanceObserver((list, observer) => {
      if (!list.getEntriesByName(FIRST_VIEW).length) return;
      observer.disconnect();
      resolve();
    }).observe({ type: 'mark', buffered: true });
  });
}
