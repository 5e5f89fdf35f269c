/** Files in what was pasted or dropped; none where words came along: those are what is meant. */
export function filesIn(transfer: DataTransfer | null): File[] {
  if (!transfer || transfer.getData('text/plain').trim() !== '') return [];
  return [...transfer.files];
}

/** An attachment: takes files that are pasted into an element or dropped on it. */
export function takesFiles(take: (files: File[]) => void): (element: HTMLElement) => () => void {
  return (element) => {
    const arrive = (event: Event, transfer: DataTransfer | null): void => {
      const files = filesIn(transfer);
      if (!files.length) return;
      // Before the editor sees them: it would read them as text.
      event.preventDefault();
      event.stopPropagation();
      take(files);
    };
    const paste = (event: ClipboardEvent): void => arrive(event, event.clipboardData);
    const drop = (event: DragEvent): void => {
      delete element.dataset['over'];
      arrive(event, event.dataTransfer);
    };
    const over = (event: DragEvent): void => {
      if (!event.dataTransfer?.types.includes('Files')) return;
      event.preventDefault();
      element.dataset['over'] = '';
    };
    const leave = (event: DragEvent): void => {
      if (!(event.relatedTarget instanceof Node && element.contains(event.relatedTarget))) {
        delete element.dataset['over'];
      }
    };
    const ending = new AbortController();
    const options = { capture: true, signal: ending.signal };
    element.addEventListener('paste', paste, options);
    element.addEventListener('drop', drop, options);
    element.addEventListener('dragover', over, options);
    element.addEventListener('dragleave', leave, options);
    return () => ending.abort();
  };
}
