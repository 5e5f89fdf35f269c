import type { Plugin } from 'vite';

const STYLE_MOD = /style-mod\/(?:src|dist)\/style-mod\.(?:js|cjs)$/;
const ONLY_IN_SHADOW = '!root.head && root.adoptedStyleSheets && win.CSSStyleSheet';
const EVERYWHERE = 'root.adoptedStyleSheets && win.CSSStyleSheet';

/**
 * Lets the editor's styles in by `adoptedStyleSheets`: the policy of our pages refuses the
 * `<style>` element that style-mod makes otherwise, and it does so without an error.
 */
export function adoptedStyles(): Plugin {
  let found = false;
  return {
    name: 'journiv-adopted-styles',
    apply: 'build',
    transform(code, id) {
      if (!STYLE_MOD.test(id)) return null;
      if (!code.includes(ONLY_IN_SHADOW)) this.error('style-mod is not what it was: look again');
      found = true;
      return { code: code.replace(ONLY_IN_SHADOW, EVERYWHERE), map: null };
    },
    buildEnd(error) {
      if (!error && !found) this.error('style-mod was not seen: the editor would have no styles');
    },
  };
}
