import { EditorSelection, type ChangeSpec, type StateCommand } from '@codemirror/state';
import type { KeyBinding } from '@codemirror/view';

/** Puts marks around what is selected, or takes them away. */
function around(mark: string): StateCommand {
  return ({ state, dispatch }) => {
    const change = state.changeByRange((range) => {
      const { from, to } = range;
      const size = mark.length;
      const before = state.sliceDoc(Math.max(0, from - size), from);
      if (before === mark && state.sliceDoc(to, to + size) === mark) {
        const changes = [{ from: from - size, to: from }, { from: to, to: to + size }];
        return { changes, range: EditorSelection.range(from - size, to - size) };
      }
      const changes = [{ from, insert: mark }, { from: to, insert: mark }];
      return { changes, range: EditorSelection.range(from + size, to + size) };
    });
    dispatch(state.update(change, { scrollIntoView: true, userEvent: 'input' }));
    return true;
  };
}

/** Begins each selected line with a mark, or takes it away where all have it. */
function before(mark: (line: number) => string, pattern: RegExp): StateCommand {
  return ({ state, dispatch }) => {
    const { from, to } = state.selection.main;
    const first = state.doc.lineAt(from).number;
    const last = state.doc.lineAt(to).number;
    const lines = Array.from({ length: last - first + 1 }, (_, index) => state.doc.line(first + index));
    const all = lines.every((line) => pattern.test(line.text));
    const changes: ChangeSpec[] = lines.map((line, index) =>
      all
        ? { from: line.from, to: line.from + (pattern.exec(line.text)?.[0].length ?? 0) }
        : { from: line.from, insert: mark(index) },
    );
    dispatch(state.update({ changes, userEvent: 'input' }));
    return true;
  };
}

/** Keys while writing; Mod-Enter and Mod-s are the page's own and change nothing here. */
export const formatting: readonly KeyBinding[] = [
  { key: 'Mod-Enter', run: () => true },
  { key: 'Mod-s', run: () => true },
  { key: 'Mod-b', run: around('**') },
  { key: 'Mod-i', run: around('*') },
  { key: 'Mod-e', run: around('`') },
  { key: 'Mod-Shift-7', run: before((index) => `${index + 1}. `, /^\d+[.)] /) },
  { key: 'Mod-Shift-8', run: before(() => '- ', /^[-*+] (?!\[[ x]\] )/i) },
  { key: 'Mod-Shift-9', run: before(() => '- [ ] ', /^[-*+] \[[ x]\] /i) },
];
