import type { GenerationKind } from '@video-proxy/core';
import { expect, test } from 'vitest';
import { keysOf, openTestLedger } from './open-ledger.ts';

const veo: GenerationKind = { provider: 'aimlapi', model: 'google/veo-3.1-t2v', lengthSeconds: 8 };

test('what one process learnt is known to all, the second time at once', async () => {
  const { ledger, namespace } = await openTestLedger();
  for (const tookMs of [90_000, 91_000, 92_000.4, 93_000]) await ledger.times.record(veo, tookMs);
  const other = await openTestLedger({ namespace });
  expect(await other.ledger.times.learnt(veo, 0)).toBeNull();
  await ledger.times.record(veo, 94_000);
  expect(await other.ledger.times.learnt(veo, 9_999)).toBeNull();
  expect(await other.ledger.times.learnt(veo, 10_000)).toEqual({ p10Ms: 90_400, p50Ms: 92_000, p90Ms: 93_600 });
});

test('models, lengths and providers are told apart', async () => {
  const { ledger } = await openTestLedger();
  for (let count = 0; count < 5; count += 1) await ledger.times.record(veo, 90_000);
  expect(await ledger.times.learnt(veo, 0)).not.toBeNull();
  const others: readonly GenerationKind[] = [
    { ...veo, model: 'google/veo-3.1-i2v' },
    { ...veo, lengthSeconds: 4 },
    { ...veo, lengthSeconds: null },
    { ...veo, provider: 'sandbox' },
  ];
  for (const kind of others) expect(await ledger.times.learnt(kind, 0)).toBeNull();
});

test('only the last fifty generations count, and a kind that is not used any more is forgotten', async () => {
  const opened = await openTestLedger();
  const { ledger, redis } = opened;
  for (let count = 0; count < 10; count += 1) await ledger.times.record(veo, 500_000);
  for (let count = 0; count < 50; count += 1) await ledger.times.record(veo, 90_000);
  expect(await ledger.times.learnt(veo, 0)).toEqual({ p10Ms: 90_000, p50Ms: 90_000, p90Ms: 90_000 });
  const [key = ''] = await keysOf(opened);
  expect(await redis.llen(key)).toBe(50);
  expect(await redis.ttl(key)).toBeGreaterThan(0);
});
