import { spawnProcess } from '@video-proxy/testkit';
import { expect, test } from 'vitest';

const boundMs = 360_000;

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
