import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vite';
import { adoptedStyles } from './build/adopted-styles.ts';
import { compressed } from './build/compressed.ts';
import { worker } from './build/worker.ts';

const server = process.env.JOURNIV_SERVER ?? 'http://127.0.0.1:8000';

export default defineConfig({
  plugins: [svelte(), adoptedStyles(), worker(), compressed()],
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
        entryFileNames: ({ name }) => (name === 'sw' ? 'sw.js' : 'assets/[name]-[hash].js'),
      },
    },
  },
  server: { proxy: { '/api': server, '/media': server } },
});
