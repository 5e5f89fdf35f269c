/** The words between a new account and its first entry. */
export const en = {
  title: 'One look, then you write',
  zone: 'Your time zone',
  firstDay: 'The week begins on',
  theme: 'How it looks',
  system: 'As the system',
  light: 'Light',
  dark: 'Dark',
  old: 'Bring an old journal?',
  oldOf: 'From Day One, Journey, Diarium, a folder of Markdown, Journiv and more. You may do it later, too.',
  bring: 'Bring it in',
  begin: 'Begin to write',
};

export type WelcomeMessages = typeof en;
