import type { HtmlTagDescriptor, Plugin } from 'vite';

/** The faces that a first view is set in; without this the browser meets them last. */
const FIRST = /(?:figtree|literata)-latin-wght-normal-[^/]+\.woff2$/;

/** Names the fonts of a first view in the page, so that text does not move when they arrive. */
export function preloadedFonts(): Plugin {
  return {
    name: 'preloaded-fonts',
    apply: 'build',
    transformIndexHtml: {
      order: 'post',
      handler(_page, { bundle }) {
        const fonts = Object.keys(bundle ?? {}).filter((name) => FIRST.test(name)).sort();
        if (fonts.length !== 2) throw new Error(`expected two fonts to preload, found ${fonts.join(', ')}`);
        return fonts.map((name): HtmlTagDescriptor => ({
          tag: 'link',
          injectTo: 'head-prepend',
          attrs: {
            rel: 'preload',
            as: 'font',
            type: 'font/woff2',
            fetchpriority: 'low',
            crossorigin: '',
            href: `/${name}`,
          },
        }));
      },
    },
  };
}
