/** Copies a text; says whether it could. Plain http has no clipboard of its own, only the old way. */
export async function copyText(text: string): Promise<boolean> {
  if ('clipboard' in navigator) {
    return navigator.clipboard.writeText(text).then(() => true, () => false);
  }
  const box = document.createElement('textarea');
  box.value = text;
  // Within an open dialog nothing outside of it can be selected.
  (document.querySelector('dialog[open]') ?? document.body).append(box);
  box.select();
  const done = document.execCommand('copy');
  box.remove();
  return done;
}
