import { describe, expect, test } from 'vitest';
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

test('who waits is told owner by owner, the next turn first', async () => {
  const { ledger } = await openTestLedger();
  expect(await ledger.turns.standing({ ownersMax: 10 })).toEqual({ owners: 0, next: [] });
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
  });
  expect((await ledger.turns.standing({ ownersMax: 2 })).next[1]).toEqual({
    owner: 'ben',
    waiting: 1,
    underway: 1,
    oldestSinceMs: nowMs,
  });
});

describe('the job that has waited longest', () => {
  /** More than are looked at before the owners are asked. */
  const many = 30;
  const waitingSince = (createdAtMs: number, queuedAtMs: number, owner: string) =>
    queuedJob({ owner, createdAtMs, lifecycle: { state: 'queued', queuedAtMs, deferral: null } });

  test('is the first that came, whoever its owner is', async () => {
    const { ledger } = await openTestLedger();
    expect(await ledger.turns.waiting()).toEqual({ owners: 0, oldestSinceMs: null });
    for (let number = many; number > 0; number -= 1) {
      await ledger.jobs.create(queuedJob({ owner: `owner-${number}`, createdAtMs: nowMs + number }), null);
    }
    expect(await ledger.turns.waiting()).toEqual({ owners: many, oldestSinceMs: nowMs + 1 });
  });

  test('is not one that has begun', async () => {
    const { ledger } = await openTestLedger();
    const [begun, waits] = [queuedJob({ createdAtMs: nowMs }), queuedJob({ createdAtMs: nowMs + 1 })];
    for (const job of [begun, waits]) await ledger.jobs.create(job, null);
    await ledger.jobs.apply(begun.id, { type: 'submit_started' }, nowMs + 2);
    expect(await ledger.turns.waiting()).toEqual({ owners: 1, oldestSinceMs: nowMs + 1 });
  });

  test('is found whatever its owner is called', async () => {
    const { ledger } = await openTestLedger();
    for (const [index, owner] of ['acme/"Ann" \\ Bo', 'acme/李雷', 'acme/ben'].entries()) {
      const job = queuedJob({ owner, createdAtMs: nowMs + index });
      await ledger.jobs.create(job, null);
      expect(await ledger.turns.waiting()).toEqual({ owners: index + 1, oldestSinceMs: nowMs });
    }
  });

  test('is found behind many old jobs that were ordered once more since', async () => {
    const { ledger } = await openTestLedger();
    for (let number = 0; number < many; number += 1) {
      await ledger.jobs.create(waitingSince(nowMs + number, nowMs + hourMs + number, `owner-${number}`), null);
    }
    await ledger.jobs.create(queuedJob({ owner: 'zoe', createdAtMs: nowMs + hourMs - 1 }), null);
    expect(await ledger.turns.waiting()).toEqual({ owners: many + 1, oldestSinceMs: nowMs + hourMs - 1 });
  });

  test('is found when more owners wait than one look takes in', async () => {
    // Five hundred writes at once may take longer than a request waits.
    const { ledger } = await openTestLedger({ role: 'blocking' });
    const owners = 520;
    const again = Array.from({ length: owners }, (_, number) =>
      waitingSince(nowMs + number, nowMs + hourMs + number, `owner-${String(number).padStart(4, '0')}`),
    );
    await Promise.all(again.map((job) => ledger.jobs.create(job, null)));
    await ledger.jobs.create(queuedJob({ owner: 'zoe', createdAtMs: nowMs + hourMs - 1 }), null);
    expect(await ledger.turns.waiting()).toEqual({ owners: owners + 1, oldestSinceMs: nowMs + hourMs - 1 });
  });
});
