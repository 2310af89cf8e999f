import { spawnProcess } from '@video-proxy/testkit';
import { expect, test } from 'vitest';

/** The run has bounds of its own, after which it says what did not end: together they are shorter than this. */
const boundMs = 600_000;

test(
  'worker, API and Redis die at random, and the provider is odd: nothing is lost, nothing is paid twice',
  async () => {
    await using run = await spawnProcess({ args: ['chaos/main.ts', '--minutes', '0.75', '--seed', '1'] });
    const { code } = await run.exited;
    expect(code, [...run.stdout, ...run.stderr].join('\n')).toBe(0);
    expect(run.stdout).toContain('chaos: every rule was kept');
  },
  boundMs,
);
