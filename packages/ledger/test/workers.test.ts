import type { WorkerDescription } from '@video-proxy/ledger';
import { expect, test } from 'vitest';
import { openTestLedger } from './open-ledger.ts';

function worker(id: string, startedAtMs = 1): WorkerDescription {
  return { id, version: '1.0.0', role: 'worker', provider: 'sandbox', keyFingerprint: null, startedAtMs };
}

test('workers that beat are live, in the order of their start', async () => {
  const { ledger } = await openTestLedger();
  await ledger.workers.beat(worker('b', 2), 1_000);
  await ledger.workers.beat(worker('a', 1), 2_000);
  await ledger.workers.beat(worker('b', 2), 3_000);
  expect(await ledger.workers.list(4_000)).toEqual([
    { ...worker('a', 1), lastBeatMs: 2_000 },
    { ...worker('b', 2), lastBeatMs: 3_000 },
  ]);
});

test('a worker that is silent for 15 seconds is not live, and is back with its next beat', async () => {
  const { ledger } = await openTestLedger();
  await ledger.workers.beat(worker('a'), 1_000);
  expect(await ledger.workers.list(16_000)).toHaveLength(1);
  expect(await ledger.workers.list(16_001)).toEqual([]);
  await ledger.workers.beat(worker('a'), 17_000);
  expect(await ledger.workers.list(17_001)).toHaveLength(1);
});

test('a worker that says goodbye is gone at once', async () => {
  const { ledger } = await openTestLedger();
  await ledger.workers.beat(worker('a'), 1_000);
  await ledger.workers.gone('a');
  expect(await ledger.workers.list(1_001)).toEqual([]);
});
