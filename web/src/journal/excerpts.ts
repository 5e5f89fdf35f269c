import { titleOf } from './titles.ts';

/** Each mark of Markdown, and what is left of it where a text is only glanced at. */
const MARKS: readonly (readonly [RegExp, string])[] = [
  [/^(?:```|~~~).*$/gm, ''],
  [/^\s{0,3}(?:[-*_]\s*){3,}$/gm, ''],
  [/^[\s>]*(?:#{1,6}\s+|[-*+]\s+(?:\[[ x]\]\s+)?|\d+[.)]\s+|>\s?)+/gim, ''],
  [/!\[([^\]]*)\]\([^)]*\)/g, '$1'],
  [/\[([^\]]+)\]\([^)]*\)/g, '$1'],
  [/(`+)(.+?)\1/g, '$2'],
  [/(\*{1,3}|~~)(?=\S)(.+?)(?<=\S)\1/g, '$2'],
  [/(?<!\w)(_{1,3})(?=\S)(.+?)(?<=\S)\1(?!\w)/g, '$2'],
  // What the cut of an excerpt left open.
  [/(?:\*{1,3}|~~|!?\[)(?=\S)(?=[^*\]]*$)/, ''],
];

/** A text without Markdown's marks, its words on one line. */
export function plainOf(text: string): string {
  const plain = MARKS.reduce((left, [mark, words]) => left.replace(mark, words), text);
  return plain.replaceAll(/\s+/g, ' ').trim();
}

/** What a list shows below a title: the text, without the words a made-up title already says. */
export function excerptOf(title: string | null, text: string): string {
  const plain = plainOf(text);
  if (!title || title !== titleOf(text)) return plain;
  const said = plainOf(title.replace(/ …$/, ''));
  return plain.startsWith(said) ? plain.slice(said.length).trim() : plain;
}
