import type { Messages } from './en.ts';

/** The languages there are, each a chunk of its own. */
const LANGUAGES: Readonly<Record<string, () => Promise<Messages>>> = {
  en: async () => (await import('./en.ts')).en,
  de: async () => (await import('./de.ts')).de,
};

class Language {
  /** What Intl formats dates and numbers by: the person's own locale, not only its language. */
  locale: string = $state('en');
  #words: Messages | undefined = $state.raw();

  /** The words of the chosen language. */
  get words(): Messages {
    if (!this.#words) throw new Error('no language is loaded');
    return this.#words;
  }

  /** Takes the first of the wanted locales there are words for, else English. */
  async choose(wanted: readonly string[]): Promise<void> {
    const locale = wanted.find((one) => languageOf(one) in LANGUAGES) ?? 'en';
    const load = LANGUAGES[languageOf(locale)] as () => Promise<Messages>;
    this.#words = await load();
    this.locale = locale;
    document.documentElement.lang = locale;
  }
}

export const language = new Language();

const KEPT = 'language';

/** The language this browser was told to speak; null: that of the system. */
export function keptLanguage(): string | null {
  try {
    return localStorage.getItem(KEPT);
  } catch {
    return null;
  }
}

/** Speaks a language from now on, or that of the system. */
export async function useLanguage(chosen: string | null): Promise<void> {
  try {
    if (chosen === null) localStorage.removeItem(KEPT);
    else localStorage.setItem(KEPT, chosen);
  } catch {
    // Storage is off in this browser: it is spoken until the page is loaded again.
  }
  await language.choose(wantedLocales(chosen));
}

/** The locales to try, best first: the person's own variety of a chosen language before its plain name. */
export function wantedLocales(chosen: string | null): readonly string[] {
  if (chosen === null) return navigator.languages;
  const own = navigator.languages.filter((one) => languageOf(one) === chosen);
  return [...own, chosen];
}

function languageOf(locale: string): string {
  return locale.toLowerCase().split('-')[0] ?? locale;
}
