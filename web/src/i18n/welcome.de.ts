import type { WelcomeMessages } from './welcome.en.ts';

export const de: WelcomeMessages = {
  title: 'Ein Blick, dann schreibst du',
  zone: 'Deine Zeitzone',
  firstDay: 'Die Woche beginnt am',
  theme: 'So sieht es aus',
  system: 'Wie das System',
  light: 'Hell',
  dark: 'Dunkel',
  old: 'Ein altes Tagebuch mitbringen?',
  oldOf: 'Aus Day One, Journey, Diarium, einem Ordner mit Markdown, Journiv und anderen. Das geht auch später.',
  bring: 'Hereinholen',
  begin: 'Losschreiben',
};
