import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { defineLanguageFacet, Language, syntaxHighlighting } from '@codemirror/language';
import { EditorState, type Extension } from '@codemirror/state';
import { EditorView, keymap, placeholder } from '@codemirror/view';
import { markdown } from '../markdown/parser.ts';
import { formatting } from './formatting.ts';
import { livePreview } from './preview.ts';
import { looks, written } from './looks.ts';

export interface Editor {
  focus(): void;
  destroy(): void;
}

export interface Options {
  readonly parent: HTMLElement;
  readonly text: string;
  /** What screen readers call it. */
  readonly label: string;
  readonly hint: string;
  readonly onchange: (text: string) => void;
  readonly onblur: () => void;
}

/** A text field that shows Markdown as it is meant, and keeps it byte for byte. */
export function edit(options: Options): Editor {
  const language = new Language(defineLanguageFacet(), markdown, [], 'markdown');
  const extensions: Extension = [
    history(),
    keymap.of([...formatting, ...historyKeymap, ...defaultKeymap]),
    language,
    syntaxHighlighting(written),
    livePreview,
    looks,
    placeholder(options.hint),
    EditorView.lineWrapping,
    EditorState.lineSeparator.of('\n'),
    EditorView.contentAttributes.of({
      'aria-label': options.label,
      spellcheck: 'true',
      autocapitalize: 'sentences',
      autocorrect: 'on',
    }),
    EditorView.updateListener.of((update) => {
      if (update.docChanged) options.onchange(update.state.doc.toString());
      if (update.focusChanged && !update.view.hasFocus) options.onblur();
    }),
  ];
  const state = EditorState.create({ doc: options.text, extensions });
  return new EditorView({ state, parent: options.parent });
}
