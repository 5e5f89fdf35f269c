/** How far below the window something counts as seen, so that it is there before one is. */
const AHEAD = '1200px';

/** An attachment: calls back each time the element comes near the window. */
export function whenSeen(reached: () => void): (element: Element) => () => void {
  return (element) => {
    const observer = new IntersectionObserver(
      (entries) => {
        if (entries.some((entry) => entry.isIntersecting)) reached();
      },
      { rootMargin: AHEAD },
    );
    observer.observe(element);
    return () => observer.disconnect();
  };
}
