import { defineConfig } from 'vite';

/** Where `npx vite apps/console` finds a running API while the page is being worked on. */
const api = 'http://127.0.0.1:8080';

export default defineConfig({
  base: '/ops/',
  build: {
    target: ['chrome123', 'firefox120', 'safari17.5'],
    modulePreload: { polyfill: false },
    // The page's policy allows no data: addresses.
    assetsInlineLimit: 0,
  },
  server: { proxy: { '/ops/api': api, '/ops/queues': api, '/v/': api } },
});
