import type { AdminMessages } from './admin.en.ts';
import { plural } from './plural.ts';

const count = plural('de');

/** Die Verwaltung auf Deutsch. */
export const de: AdminMessages = {
  title: 'Verwaltung',
  sections: { overview: 'Überblick', users: 'Menschen', invites: 'Einladungen' },
  version: (version) => `Version ${version}`,
  newer: (version) => `Version ${version} ist da.`,
  changes: 'Was neu ist',
  signUp: { open: 'Wer diesen Server erreicht, darf ein Konto eröffnen.', closed: 'Konten gibt es nur auf Einladung.' },
  checks: 'Prüfungen',
  right: (checks) => count(checks, { one: '# Prüfung stimmt.', other: '# Prüfungen stimmen.' }),
  status: { pass: 'Stimmt', warn: 'Bitte ansehen', fail: 'Bitte beheben', manual: 'Selbst nachsehen' },
  admin: 'Verwaltet den Server',
  off: 'Ausgesperrt',
  lastSeen: (when) => `Zuletzt hier: ${when}`,
  never: 'Noch nie hier',
  make: 'Verwalten lassen',
  unmake: 'Nicht mehr verwalten lassen',
  turnOff: 'Aussperren',
  turnOn: 'Wieder hereinlassen',
  reset: 'Neues Passwort per Link',
  resetIntro: 'Gib diesen Link nur der Person selbst. Er gilt einmal und zeigt niemandem das Tagebuch.',
  invite: 'Jemanden einladen',
  inviteIntro: 'Wer diesen Link hat, darf ein Konto eröffnen. Er wird nur dieses eine Mal gezeigt.',
  until: (when) => `Gilt bis ${when}`,
  takeBack: 'Zurücknehmen',
  noInvites: 'Keine Einladung ist offen.',
  invitation: 'Einladung',
};
