import type { Medium } from '../api/client.ts';
import type { IconName } from '../ui/icons.ts';
import { mediaWords } from './words.ts';

export type Kind = Medium['media_type'];

export const KIND_ICONS: Readonly<Record<Kind, IconName>> = {
  image: 'picture',
  video: 'film',
  audio: 'sound',
  unknown: 'page',
};

export function kindOf(file: Blob): Kind {
  const kind = file.type.split('/')[0];
  return kind === 'image' || kind === 'video' || kind === 'audio' ? kind : 'unknown';
}

/** What to call a medium: what is seen on it, else its file's name, else its kind. */
export function nameOf({ alt_text, original_filename, media_type }: Medium): string {
  const words = mediaWords();
  const kinds = { image: words.picture, video: words.film, audio: words.sound, unknown: words.document };
  return alt_text || original_filename || kinds[media_type];
}
