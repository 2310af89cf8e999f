import { openLedger } from '@video-proxy/ledger';
import { closeRedis, connectRedis, type RedisRole, untilReady } from '@video-proxy/redis';
import { testNamespace, testRedisUrl } from '@video-proxy/testkit';
import { pino } from 'pino';
import { expect, onTestFinished, test } from 'vitest';
import { openDeadTrialWatch } from '../src/upkeep/end-dead-trial.ts';

const log = pino({ level: 'silent' });
const now = Date.now;
const worker = {
  id: 'w',
  version: '0.0.0',
  role: 'worker',
  provider: 'aimlapi',
  keyFingerprint: null,
  startedAtMs: 1,
} as const;

async function openWatch() {
  const connect = (role: RedisRole) => connectRedis(testRedisUrl(), { role, onError: () => undefined });
  const redis = connect('request');
  onTestFinished(() => closeRedis(redis));
  await untilReady(redis, 5_000);
  const ledger = openLedger({ redis, subscriber: () => connect('subscriber'), namespace: testNamespace() });
  await ledger.holds.takeTrial({ holder: 'h', worker: worker.id, untilMs: now() + 150_000 }, now());
  return { ledger, look: openDeadTrialWatch({ ledger, log, now }) };
}

test('a worker that was silent while Redis was away keeps its trial when it is heard before the next look', async () => {
  const { ledger, look } = await openWatch();
  await ledger.workers.beat(worker, now() - 20_000);
  await look();
  await ledger.workers.beat(worker, now());
  await look();
  await ledger.workers.gone(worker.id);
  await look();
  expect((await ledger.holds.read()).trial).toMatchObject({ holder: 'h' });
});

test('the trial of a worker that stays silent ends', async () => {
  const { ledger, look } = await openWatch();
  await look();
  await look();
  expect((await ledger.holds.read()).trial).toBeNull();
});
