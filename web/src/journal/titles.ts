const LONGEST = 60;
const MARKS = /^(?:#{1,6}\s+|>\s?|[-*+]\s+(?:\[[ x]\]\s+)?|\d+[.)]\s+)+/i;

/** A title for a text that was given none: its first line without Markdown's marks, cut at a word. */
export function titleOf(text: string): string {
  const line = text.split('\n').find((one) => one.trim() !== '') ?? '';
  const plain = line.trim().replace(MARKS, '').replaceAll(/[*_`~]+/g, '').trim();
  const letters = [...plain];
  if (letters.length <= LONGEST) return plain || '…';
  const cut = letters.slice(0, LONGEST).join('');
  const space = cut.lastIndexOf(' ');
  return `${space > LONGEST / 2 ? cut.slice(0, space) : cut} …`;
}
