import { createHash } from 'node:crypto';
import type { Plugin } from 'vite';

const NAME = 'sw.js';
const PRECACHE = /(["'`])__PRECACHE__\1/;
const VERSION = /__VERSION__/;
const KEPT = /\.(?:js|css|woff2|svg|webmanifest)$/;

/** Tells the service worker which files make this build, and what the build is called. */
export function worker(): Plugin {
  return {
    name: 'journiv-worker',
    apply: 'build',
    enforce: 'post',
    generateBundle(_options, bundle) {
      const worker = bundle[NAME];
      if (worker?.type !== 'chunk') this.error('there is no service worker in the build');
      const files = Object.keys(bundle).filter((name) => name !== NAME && KEPT.test(name)).sort();
      const page = bundle['index.html'];
      const hash = createHash('sha256').update(files.join('\n')).update(worker.code);
      if (page?.type === 'asset') hash.update(page.source);
      const paths = ['/index.html', ...files.map((name) => `/${name}`), '/boot.js', '/icon.svg', '/app.webmanifest'];
      for (const [marker, value] of [
        [PRECACHE, JSON.stringify(paths)],
        [VERSION, hash.digest('hex').slice(0, 12)],
      ] as const) {
        if (!marker.test(worker.code)) this.error(`the service worker lacks ${marker}`);
        worker.code = worker.code.replace(marker, () => value);
      }
    },
  };
}
