import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vite';
import { adoptedStyles } from './build/adopted-styles.ts';
import { compressed } from './build/compressed.ts';
import { preloadedFonts } from './build/preloaded-fonts.ts';
import { worker } from './build/worker.ts';

const server = process.env.JOURNIV_SERVER ?? 'http://127.0.0.1:8000';

/** What most screens share comes over in one file: on a slow line each further one costs a wait. */
const SHARED = /\/node_modules\/(?:svelte|esm-env|openapi-fetch)\/|\/src\/(?!markdown\/|editor\/|worker)/;

/** What Today needs comes over in one file, too: small ones apart compress worse. */
const FIRST = new RegExp(
  'src/(?:api|app/(?!palette)|journal/(?!EntryList|zones)|writing/(?!Conflict)|i18n/(?:index|plural)' +
    '|screens/(?:today|timeline/Moments)' +
    '|ui/(?:Button|Dot|Face|Icon|icons|Logo|Mood|Trouble))',
);

export default defineConfig({
  plugins: [svelte(), adoptedStyles(), worker(), preloadedFonts(), compressed()],
  build: {
    target: 'es2023',
    outDir: process.env.JOURNIV_WEB_OUT ?? '../journiv/_web',
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    rollupOptions: {
      input: { app: 'index.html', sw: 'src/worker.ts' },
      output: {
        codeSplitting: {
          groups: [
            { name: 'first', test: FIRST, priority: 1 },
            { name: 'shared', test: SHARED, minShareCount: 3 },
          ],
        },
        entryFileNames: ({ name }) => (name === 'sw' ? 'sw.js' : 'assets/[name]-[hash].js'),
      },
    },
  },
  server: { proxy: { '/api': server, '/media': server } },
});
