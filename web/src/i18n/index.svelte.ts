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

function languageOf(locale: string): string {
  return locale.toLowerCase().split('-')[0] ?? locale;
}
