import { plural } from './plural.ts';

const count = plural('en');

/** The words of the administration, which only its screen loads. */
export const en = {
  title: 'Administration',
  sections: { overview: 'Overview', users: 'People', invites: 'Invitations' },
  version: (version: string) => `Version ${version}`,
  newer: (version: string) => `Version ${version} is out.`,
  changes: 'What is new',
  signUp: { open: 'Anybody who reaches this server may open an account.', closed: 'Accounts are opened by invitation only.' },
  checks: 'Checks',
  right: (checks: number) => count(checks, { one: '# check is right.', other: '# checks are right.' }),
  status: { pass: 'Right', warn: 'Look at it', fail: 'Mend it', manual: 'Look yourself' },
  admin: 'Administrator',
  off: 'Cannot sign in',
  lastSeen: (when: string) => `Last here ${when}`,
  never: 'Never here',
  make: 'Make administrator',
  unmake: 'Make an ordinary account',
  turnOff: 'Lock out',
  turnOn: 'Let in again',
  reset: 'New password by link',
  resetIntro: 'Give this link to its person. It works once and shows nobody else the diary.',
  invite: 'Invite somebody',
  inviteIntro: 'Whoever has this link may open one account. It is shown this once.',
  until: (when: string) => `Good until ${when}`,
  takeBack: 'Take back',
  noInvites: 'No invitation is open.',
  invitation: 'Invitation',
};

export type AdminMessages = typeof en;
