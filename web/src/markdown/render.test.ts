import { describe, expect, test } from 'vitest';
import { render } from './render.ts';

function html(source: string): string {
  const box = document.createElement('div');
  box.append(render(source));
  return box.innerHTML;
}

describe('Markdown as elements', () => {
  test.each([
    ['One.\n\nTwo.', '<p>One.</p><p>Two.</p>'],
    ['*a* **b** `c` ~~d~~', '<p><em>a</em> <strong>b</strong> <code>c</code> <s>d</s></p>'],
    ['# Day', '<h2>Day</h2>'],
    ['Day\n===', '<h2>Day\n</h2>'],
    ['- a\n- b', '<ul><li><p>a</p></li><li><p>b</p></li></ul>'],
    ['> said\n> so', '<blockquote><p>said\nso</p></blockquote>'],
    ['    code *here*', '<pre><code>code *here*</code></pre>'],
    ['```py\na\nb\n```', '<pre><code>a\nb</code></pre>'],
    ['a\\*b', '<p>a*b</p>'],
    ['---', '<hr>'],
    ['- [x] done', '<ul><li><input type="checkbox" disabled="" checked=""> done</li></ul>'],
    [
      '| a | b |\n|---|---|\n| 1 | 2 |',
      '<table><tr><th>a</th><th>b</th></tr><tr><td>1</td><td>2</td></tr></table>',
    ],
  ])('%j', (source, expected) => {
    expect(html(source)).toBe(expected);
  });

  test('links lead out safely', () => {
    expect(html('[a](https://example.org/x)')).toBe(
      '<p><a href="https://example.org/x" target="_blank" rel="noopener noreferrer">a</a></p>',
    );
    expect(html('see https://example.org now')).toContain('<a href="https://example.org"');
  });

  test.each([
    '[a](javascript:alert(1))',
    '[a](  JaVaScRiPt:alert(1))',
    '[a](data:text/html,<script>alert(1)</script>)',
    '[a](vbscript:x)',
    '<javascript:alert(1)>',
    '![a](x" onerror="alert(1))',
    '<img src=x onerror=alert(1)>',
    '<script>alert(1)</script>',
    '<svg><style><img src=x onerror=alert(1)></style></svg>',
    '&lt;script&gt;',
    '[a]: javascript:alert(1)\n\n[a]',
  ])('%j makes nothing that runs', (source) => {
    const box = document.createElement('div');
    box.append(render(source));
    expect(box.querySelectorAll('script, img, svg, style, iframe, object').length).toBe(0);
    for (const link of box.querySelectorAll('a')) expect(link.href).toMatch(/^(https?|mailto):/);
    for (const element of box.querySelectorAll('*')) {
      expect([...element.attributes].filter(({ name }) => name.startsWith('on'))).toEqual([]);
    }
  });

  test('every word that was written can be read', () => {
    const source = '<b>bold</b> &amp; [x](y) ![pic](z)';
    const box = document.createElement('div');
    box.append(render(source));
    expect(box.textContent).toBe(source);
  });
});
