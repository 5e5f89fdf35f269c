import { plural } from './plural.ts';

const days = plural('en');

/** The English words of the app, and the shape every other language must have. */
export const en = {
  app: {
    name: 'Journal',
    skip: 'Skip to the text',
    main: 'Main',
    journals: 'Journals',
    keptHere: 'All entries on your server',
    signOut: 'Sign out',
    unsent: 'A text on this device is not on your server yet. Sign out once it is sent.',
    plainHttp:
      'This page came without encryption (http). Anybody on the way may read what you write.',
    notFound: 'There is no such page.',
    backToday: 'Go to Today',
    loading: 'One moment …',
  },
  nav: {
    newEntry: 'New entry',
    today: 'Today',
    timeline: 'Timeline',
    calendar: 'Calendar',
    search: 'Search',
  },
  signin: {
    title: 'Welcome back',
    email: 'E-mail',
    password: 'Password',
    go: 'Sign in',
    wrong: 'That e-mail and password do not belong together.',
    code: 'Code from your authenticator app, or a recovery code',
    codeTitle: 'One more step',
    confirm: 'Go on',
    with: (label: string) => `Sign in with ${label}`,
    first: 'New here? Open an account',
  },
  register: {
    title: 'Your journal starts here',
    intro: 'One account, on this server, for your eyes only.',
    name: 'Your name',
    atLeast: (length: number) => `At least ${length} characters. A short sentence is good.`,
    go: 'Open my journal',
    back: 'I have an account',
  },
  today: {
    heading: (weekday: string, part: string, month: string) => `${weekday} ${part}, ${month}`,
    parts: { morning: 'morning', afternoon: 'afternoon', evening: 'evening', night: 'night' },
    write: 'Write',
    anything: 'What is on your mind?',
    another: 'Another',
    done: 'Done',
    mood: 'How is it inside?',
    lately: 'Lately',
    whole: 'Whole timeline',
    empty: 'Your first entry will stand here.',
    wrote: (written: number, passed: number) =>
      `You wrote on ${written} of ${days(passed, { one: '# day', other: '# days' })}.`,
    onThisDay: (day: string) => `On ${day}`,
    yearsAgo: (years: number) => days(years, { one: '# year', other: '# years' }),
    monthsAgo: (months: number) => days(months, { one: '# month', other: '# months' }),
    previous: 'Month before',
    next: 'Month after',
    entries: (count: number) => days(count, { one: '# entry', other: '# entries' }),
  },
  moods: { 1: 'Rough', 2: 'Low', 3: 'Level', 4: 'Good', 5: 'Bright' },
  writing: {
    saved: (time: string) => `Saved ${time}`,
    saving: 'Saving …',
    kept: 'Kept on this device',
    offline: 'Kept on this device. Sends when online.',
    busy: 'Kept on this device. The server is busy; trying again.',
    signedOut: 'Kept on this device. Sign in to send it.',
    refused: (why: string) => `Kept on this device. The server refused it: ${why}`,
    conflict: 'This entry was changed elsewhere. Both texts are kept.',
    noStorage: 'This browser keeps nothing: copy your text before you leave.',
    copy: 'Copy text',
    copied: 'Copied',
  },
  timeline: {
    title: 'Timeline',
    more: 'Older entries',
    empty: 'Your first entry will stand here.',
    untitled: 'Untitled',
  },
  problems: {
    offline: 'Your server does not answer. What you write is kept on this device.',
    busy: 'The server is busy. Try again in a moment.',
    again: 'Try again',
  },
};

export type Messages = typeof en;
