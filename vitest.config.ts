import { countsReporter } from '@video-proxy/testkit/counts-reporter';
import { longestFirst } from '@video-proxy/testkit/longest-first';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    setupFiles: ['packages/testkit/src/left-open.ts'],
    globalSetup: ['packages/testkit/src/test-redis.ts'],
    testTimeout: 20_000,
    hookTimeout: 30_000,
    // A state that comes is seen at once; how long one waits for it is no statement about speed.
    expect: { poll: { timeout: 15_000 } },
    // The counts come last, whatever else is printed.
    reporters: ['default', countsReporter()],
    sequence: {
      sequencer: longestFirst([
        'chaos/crash-points.test.ts',
        'chaos/chaos.test.ts',
        'test/console.test.ts',
        'test/watch-page.test.ts',
        'test/traces.test.ts',
        'test/crash.test.ts',
        'test/console-orders.test.ts',
        'test/deploy.test.ts',
      ]),
    },
    // One after the other, each with as many files at once as two cores bear well.
    projects: [
      {
        extends: true,
        test: {
          name: 'parts',
          include: ['packages/*/test/**/*.test.ts', 'apps/*/test/**/*.test.ts', 'scripts/test/**/*.test.ts'],
          // They wait for a timer, a poll or an answer most of the time.
          maxWorkers: 4,
          // Importing everything anew for each file takes longer than most of them run.
          isolate: false,
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: {
          name: 'whole',
          include: ['test/*.test.ts', 'test/chaos/*.test.ts'],
          maxWorkers: 3,
          sequence: { groupOrder: 1 },
        },
      },
      {
        extends: true,
        test: {
          name: 'topologies',
          include: ['test/topologies/*.test.ts'],
          // Each has a dozen Redis servers that must notice in time which of them is gone.
          maxWorkers: 1,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});
