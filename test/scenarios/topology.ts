import { hasRedisServerProgram, type RedisTopology } from '@video-proxy/testkit';
import { describe, test } from 'vitest';
import { crashes } from './crashes.ts';
import { incident } from './incident.ts';
import { orders } from './orders.ts';
import { primaryDies, primaryDiesAhead } from './primary-dies.ts';
import { rollingRestart } from './rolling-restart.ts';
import { playAllOn } from './scenario.ts';

const timeout = 180_000;

/** All that has to go well on any Redis, and what only several servers can do. A file for each kind, so that two run at a time. */
export async function playOnTopology(words: string, start: () => Promise<RedisTopology>): Promise<void> {
  describe.skipIf(!(await hasRedisServerProgram()))(words, () => {
    playAllOn(start, [...crashes, incident, ...orders, rollingRestart]);

    test('the primary dies under load: every job ends, and nothing is paid twice', { timeout }, async () => {
      await using redis = await start();
      await primaryDies(redis);
    });

    test('the primary dies with what its replica did not have: it was not sent, and nothing is sent twice', {
      timeout,
    }, async () => {
      await using redis = await start();
      await primaryDiesAhead(redis);
    });
  });
}
