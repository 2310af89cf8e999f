import { expect, test } from 'vitest';
import { queuedJob } from './jobs.ts';
import { openTestLedger } from './open-ledger.ts';

const hourMs = 3_600_000;
const nowMs = 1_700_000_000_000;

test('the jobs of each hour are counted by the state they are in now', async () => {
  const { ledger } = await openTestLedger();
  const write = async (createdAtMs: number, cancel = false) => {
    const job = queuedJob({ createdAtMs });
    await ledger.jobs.create(job, null);
    if (cancel) await ledger.jobs.apply(job.id, { type: 'cancel_requested' }, createdAtMs);
  };
  await write(nowMs - 2 * hourMs - 1);
  await write(nowMs - hourMs);
  await write(nowMs - hourMs, true);
  await write(nowMs - 1);
  await write(nowMs);
  await write(nowMs + hourMs * 5);
  const spans = await ledger.rates.bySpan({ lastFromMs: nowMs, spanMs: hourMs, spans: 3 });
  expect(spans.map(({ fromMs, counts }) => [fromMs, counts.queued, counts.cancelled, counts.failed])).toEqual([
    [nowMs - 2 * hourMs, 0, 0, 0],
    [nowMs - hourMs, 2, 1, 0],
    [nowMs, 2, 0, 0],
  ]);
});

test('who waits is told owner by owner, with the oldest job of all', async () => {
  const { ledger } = await openTestLedger();
  expect(await ledger.turns.standing({ ownersMax: 10 })).toEqual({ owners: 0, next: [], oldestSinceMs: null });
  for (const [owner, createdAtMs] of [
    ['ann', nowMs + 2],
    ['ben', nowMs],
    ['ann', nowMs + 1],
  ] as const) {
    await ledger.jobs.create(queuedJob({ owner, createdAtMs }), null);
  }
  const started = queuedJob({ owner: 'ben', createdAtMs: nowMs + 3 });
  await ledger.jobs.create(started, null);
  await ledger.jobs.apply(started.id, { type: 'submit_started' }, nowMs + 4);
  expect(await ledger.turns.standing({ ownersMax: 1 })).toEqual({
    owners: 2,
    next: [{ owner: 'ann', waiting: 2, underway: 0, oldestSinceMs: nowMs + 1 }],
    oldestSinceMs: nowMs,
  });
  expect((await ledger.turns.standing({ ownersMax: 2 })).next[1]).toEqual({
    owner: 'ben',
    waiting: 1,
    underway: 1,
    oldestSinceMs: nowMs,
  });
});
