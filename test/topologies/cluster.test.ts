import { hasRedisServerProgram, startCluster } from '@video-proxy/testkit';
import { describe, test } from 'vitest';
import { crashes } from '../scenarios/crashes.ts';
import { incident } from '../scenarios/incident.ts';
import { orders } from '../scenarios/orders.ts';
import { primaryDies, primaryDiesAhead } from '../scenarios/primary-dies.ts';
import { rollingRestart } from '../scenarios/rolling-restart.ts';
import { playAllOn } from '../scenarios/scenario.ts';

describe.skipIf(!(await hasRedisServerProgram()))('on a Cluster of three primaries and their replicas', () => {
  playAllOn(startCluster, [...crashes, incident, ...orders, rollingRestart]);

  test('the primary dies under load: every job ends, and nothing is paid twice', { timeout: 180_000 }, async () => {
    await using redis = await startCluster();
    await primaryDies(redis);
  });

  test('the primary dies with what its replica did not have: it was not sent, and nothing is sent twice', {
    timeout: 180_000,
  }, async () => {
    await using redis = await startCluster();
    await primaryDiesAhead(redis);
  });
});
