import { countsReporter } from '@video-proxy/testkit/counts-reporter';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: [
      'packages/*/test/**/*.test.ts',
      'apps/*/test/**/*.test.ts',
      'scripts/test/**/*.test.ts',
      'test/**/*.test.ts',
    ],
    setupFiles: ['packages/testkit/src/left-open.ts'],
    globalSetup: ['packages/testkit/src/test-redis.ts'],
    // The tests start processes of their own; more files at once would only make them wait for each other.
    maxWorkers: 2,
    testTimeout: 20_000,
    hookTimeout: 30_000,
    // A state that comes is seen at once; how long one waits for it is no statement about speed.
    expect: { poll: { timeout: 15_000 } },
    // The counts come last, whatever else is printed.
    reporters: ['default', countsReporter()],
  },
});
