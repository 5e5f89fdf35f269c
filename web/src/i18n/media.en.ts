import { plural } from './plural.ts';

const count = plural('en');

/** The words of pictures, sounds and films, apart from the others: only who has some loads them. */
export const en = {
  add: 'Add pictures or sounds',
  camera: 'Take a picture',
  strip: 'Pictures and sounds',
  caption: 'What is to be seen?',
  waiting: 'Waits',
  sending: (percent: string) => `Sending, ${percent}`,
  offline: 'Kept on this device. Sends when online.',
  unkept: 'This browser keeps nothing: stay on this page until it is sent.',
  cancel: (name: string) => `Do not send ${name}`,
  dismiss: 'Dismiss',
  retry: 'Try again',
  remove: (name: string) => `Remove ${name}`,
  removed: (name: string) => `${name} is removed.`,
  undo: 'Undo',
  unnamed: 'a picture',
  refusals: {
    size: 'It is larger than your server takes.',
    type: 'Only pictures, sounds, films and PDF can be added.',
    broken: 'It cannot be read as a picture, sound or film.',
    full: 'There is no room left on your server.',
    gone: 'Its entry is not there any more.',
  },
  noPreview: 'There is no preview of this file.',
  open: (name: string) => `Show ${name} large`,
  picture: 'Picture',
  film: 'Film',
  sound: 'Sound',
  document: 'Document',
  download: 'Download the original',
  before: 'Before',
  after: 'After',
  place: (at: number, of: number) => `${at} of ${of}`,
  toEntry: 'To the entry',
  photos: 'Photos',
  empty: 'Pictures you add to your entries will stand here.',
  many: (pictures: number) => count(pictures, { one: '# picture', other: '# pictures' }),
  shared: 'Shared with your journal',
  nothingShared: 'Nothing was shared with the app.',
  keeping: 'One moment: what you shared becomes an entry …',
};

export type MediaMessages = typeof en;
