import { syntaxTree } from '@codemirror/language';
import type { EditorState, Range } from '@codemirror/state';
import { Decoration, ViewPlugin, type DecorationSet, type EditorView, type ViewUpdate } from '@codemirror/view';

/** Marks that are hidden while the cursor is elsewhere; the words they are about stay. */
const HIDDEN = new Set(['CodeMark', 'EmphasisMark', 'HeaderMark', 'StrikethroughMark']);
const AROUND = new Set(['URL', 'LinkMark', 'LinkTitle']);
const nothing = Decoration.replace({});

/** Hides Markdown's marks outside the element the cursor stands in. */
export const livePreview = ViewPlugin.fromClass(
  class {
    decorations: DecorationSet;

    constructor(view: EditorView) {
      this.decorations = hidden(view);
    }

    update(update: ViewUpdate): void {
      const parsed = syntaxTree(update.startState) !== syntaxTree(update.state);
      if (update.docChanged || update.selectionSet || update.viewportChanged || parsed) {
        // A composition in progress would break when the text around it changes.
        if (!update.view.composing) this.decorations = hidden(update.view);
        else this.decorations = this.decorations.map(update.changes);
      }
    }
  },
  { decorations: (plugin) => plugin.decorations },
);

function hidden(view: EditorView): DecorationSet {
  const found: Range<Decoration>[] = [];
  for (const { from, to } of view.visibleRanges) {
    syntaxTree(view.state).iterate({
      from,
      to,
      enter({ name, from, to, node }) {
        const parent = node.parent;
        if (!parent || from === to) return;
        const inLink = AROUND.has(name) && parent.name === 'Link';
        if (!HIDDEN.has(name) && !inLink) return;
        if (parent.name === 'FencedCode' || touched(view.state, parent.from, parent.to)) return;
        const end = name === 'HeaderMark' && view.state.sliceDoc(to, to + 1) === ' ' ? to + 1 : to;
        found.push(nothing.range(from, end));
      },
    });
  }
  return Decoration.set(found, true);
}

function touched(state: EditorState, from: number, to: number): boolean {
  return state.selection.ranges.some((range) => range.from <= to && range.to >= from);
}
