import type { SyntaxNode } from '@lezer/common';
import { markdown } from './parser.ts';

/**
 * Markdown as elements. Nothing goes through HTML text: what is no Markdown stays text, so there
 * is nothing to sanitise. Links lead to http, https and mail alone.
 */
export function render(source: string): DocumentFragment {
  const fragment = document.createDocumentFragment();
  new Renderer(source).children(markdown.parse(source).topNode, fragment);
  return fragment;
}

/** What only marks something up; the words beside it are what is read. */
const MARKS = new Set([
  'CodeInfo', 'CodeMark', 'EmphasisMark', 'HeaderMark', 'LinkLabel', 'LinkMark', 'LinkReference',
  'LinkTitle', 'ListMark', 'QuoteMark', 'StrikethroughMark', 'TableDelimiter',
]);

const PLAIN: Readonly<Record<string, string>> = {
  ATXHeading1: 'h2',
  ATXHeading2: 'h3',
  ATXHeading3: 'h4',
  ATXHeading4: 'h5',
  ATXHeading5: 'h6',
  ATXHeading6: 'h6',
  Blockquote: 'blockquote',
  BulletList: 'ul',
  Emphasis: 'em',
  InlineCode: 'code',
  ListItem: 'li',
  OrderedList: 'ol',
  Paragraph: 'p',
  SetextHeading1: 'h2',
  SetextHeading2: 'h3',
  Strikethrough: 's',
  StrongEmphasis: 'strong',
  Table: 'table',
  TableHeader: 'tr',
  TableRow: 'tr',
};

/** Where white space and line ends between children mean nothing. */
const BLOCKS = new Set([
  'Blockquote', 'BulletList', 'Document', 'ListItem', 'OrderedList', 'Table', 'TableHeader',
  'TableRow',
]);

const SAFE = /^(?:https?:|mailto:)/i;

class Renderer {
  constructor(private readonly source: string) {}

  /** Appends what stands in a node: its child nodes and the text between them. */
  children(node: SyntaxNode, parent: Node): void {
    let at = node.from;
    for (let child = node.firstChild; child; child = child.nextSibling) {
      this.text(node, at, child.from, parent);
      this.node(child, parent);
      at = child.to;
      if (child.name === 'QuoteMark' && this.source[at] === ' ') at += 1;
    }
    this.text(node, at, node.to, parent);
  }

  private node(node: SyntaxNode, parent: Node): void {
    if (MARKS.has(node.name) || (node.name === 'URL' && node.parent?.name !== 'Paragraph')) return;
    const plain = PLAIN[node.name];
    if (plain) this.children(node, append(parent, plain));
    else this.special(node, parent);
  }

  private special(node: SyntaxNode, parent: Node): void {
    switch (node.name) {
      case 'HardBreak':
        append(parent, 'br');
        return;
      case 'HorizontalRule':
        append(parent, 'hr');
        return;
      case 'Escape':
        parent.appendChild(document.createTextNode(this.of(node).slice(1)));
        return;
      case 'FencedCode':
      case 'CodeBlock':
        append(append(parent, 'pre'), 'code').textContent = this.code(node);
        return;
      case 'Link':
        this.link(node, parent, node.getChild('URL'));
        return;
      case 'Autolink':
      case 'URL':
        this.bare(node, parent);
        return;
      case 'TaskMarker':
        this.task(node, parent);
        return;
      case 'TableCell':
        this.children(node, append(parent, node.parent?.name === 'TableHeader' ? 'th' : 'td'));
        return;
      case 'Task':
        this.children(node, parent);
        return;
      default:
        // HTML, entities, images of elsewhere: shown as they were written.
        parent.appendChild(document.createTextNode(this.of(node)));
    }
  }

  private link(node: SyntaxNode, parent: Node, url: SyntaxNode | null): void {
    const to = url ? this.of(url).replace(/^<(.*)>$/, '$1') : '';
    if (SAFE.test(to)) this.children(node, anchor(parent, to));
    else parent.appendChild(document.createTextNode(this.of(node)));
  }

  private bare(node: SyntaxNode, parent: Node): void {
    const shown = this.of(node).replace(/^<(.*)>$/, '$1');
    const mail = /^[^\s@/:]+@[^\s@/]+$/.test(shown);
    const to = mail ? `mailto:${shown}` : shown.startsWith('www.') ? `https://${shown}` : shown;
    if (SAFE.test(to)) anchor(parent, to).textContent = shown;
    else parent.appendChild(document.createTextNode(this.of(node)));
  }

  private task(node: SyntaxNode, parent: Node): void {
    const box = append(parent, 'input') as HTMLInputElement;
    box.type = 'checkbox';
    box.disabled = true;
    box.defaultChecked = /x/i.test(this.of(node));
  }

  private code(node: SyntaxNode): string {
    return node.getChildren('CodeText').map((part) => this.of(part)).join('');
  }

  private text(node: SyntaxNode, from: number, to: number, parent: Node): void {
    if (from >= to || BLOCKS.has(node.name)) return;
    const text = this.source.slice(from, to);
    const opens = !parent.firstChild && node.name !== 'InlineCode';
    const shown = opens ? text.trimStart() : text;
    if (shown) parent.appendChild(document.createTextNode(shown.replaceAll(/\n[ \t]+/g, '\n')));
  }

  private of(node: SyntaxNode): string {
    return this.source.slice(node.from, node.to);
  }
}

function append(parent: Node, name: string): HTMLElement {
  return parent.appendChild(document.createElement(name));
}

function anchor(parent: Node, to: string): HTMLElement {
  const link = append(parent, 'a') as HTMLAnchorElement;
  link.href = to;
  link.target = '_blank';
  link.rel = 'noopener noreferrer';
  return link;
}
