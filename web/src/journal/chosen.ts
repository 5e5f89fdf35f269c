/** The journal this browser last wrote into; a new text goes there. */

const CHOSEN = 'journal';

export function chosenJournal(): string | null {
  try {
    return localStorage.getItem(CHOSEN);
  } catch {
    return null;
  }
}

export function chooseJournal(id: string): void {
  try {
    localStorage.setItem(CHOSEN, id);
  } catch {
    // Storage is off in this browser: the next text begins in the first journal again.
  }
}
