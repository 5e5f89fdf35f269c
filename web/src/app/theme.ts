/** How this browser is told to look; `public/boot.js` reads it before the first paint. */

export type Theme = 'light' | 'dark' | 'auto';
export type Size = 'small' | 'normal' | 'large';

const THEME = 'theme';
const SIZE = 'reading-size';

export function theme(): Theme {
  const kept = read(THEME);
  return kept === 'light' || kept === 'dark' ? kept : 'auto';
}

export function wear(chosen: Theme): void {
  keep(THEME, chosen === 'auto' ? null : chosen);
  if (chosen === 'auto') delete document.documentElement.dataset['theme'];
  else document.documentElement.dataset['theme'] = chosen;
}

export function readingSize(): Size {
  const kept = read(SIZE);
  return kept === 'small' || kept === 'large' ? kept : 'normal';
}

export function size(chosen: Size): void {
  keep(SIZE, chosen === 'normal' ? null : chosen);
  if (chosen === 'normal') delete document.documentElement.dataset['size'];
  else document.documentElement.dataset['size'] = chosen;
}

function read(name: string): string | null {
  try {
    return localStorage.getItem(name);
  } catch {
    return null;
  }
}

function keep(name: string, value: string | null): void {
  try {
    if (value === null) localStorage.removeItem(name);
    else localStorage.setItem(name, value);
  } catch {
    // Storage is off in this browser: it looks so until it is loaded again.
  }
}
