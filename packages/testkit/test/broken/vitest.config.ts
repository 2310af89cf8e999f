import { fileURLToPath } from 'node:url';
import { countsReporter } from '@video-proxy/testkit/counts-reporter';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    root: fileURLToPath(new URL('.', import.meta.url)),
    include: ['*.broken.ts'],
    setupFiles: ['../../src/left-open.ts'],
    reporters: ['default', countsReporter()],
  },
});
