import type { VideoJob, VideoJobEvent } from '@video-proxy/core';
import type { Ledger, TurnRules } from '@video-proxy/ledger';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { jobAfter, queuedJob, refusal, toCompleted, toGenerating } from './jobs.ts';
import { openTestLedger } from './open-ledger.ts';

const open: TurnRules = { heldModels: [], ownerRunningMax: null };
const nowMs = Date.UTC(2026, 10, 2);
const dear = { model: 'openai/sora-2-pro-t2v' };
const dearHeld: TurnRules = { heldModels: [dear.model], ownerRunningMax: null };

async function queue(ledger: Ledger, owner: string, count = 1, known: Partial<VideoJob> = {}): Promise<string[]> {
  const jobs = Array.from({ length: count }, () => queuedJob({ ...known, owner }));
  await Promise.all(jobs.map((job) => ledger.jobs.create(job, null)));
  return jobs.map(({ id }) => id);
}

/** Takes turns until nobody may go, and marks each job as sent. */
async function serve(ledger: Ledger, rules: TurnRules = open, countMax = Number.POSITIVE_INFINITY): Promise<string[]> {
  const served: string[] = [];
  while (served.length < countMax) {
    const turn = await ledger.turns.next(rules, nowMs);
    if (turn.kind !== 'turn') break;
    await ledger.jobs.apply(turn.job.id, { type: 'submit_started' }, nowMs);
    served.push(turn.job.id);
  }
  return served;
}

describe('owners take turns', () => {
  test('the jobs of one owner go in the order in which they came', async () => {
    const { ledger } = await openTestLedger();
    const ids = await queue(ledger, 'acme/ann', 3);
    expect(await serve(ledger)).toEqual(ids);
    expect((await ledger.turns.next(open, nowMs)).kind).toBe('empty');
  });

  test('one who comes late waits for one job of each other owner at the most', async () => {
    const { ledger } = await openTestLedger();
    const many = await queue(ledger, 'acme/ann', 500);
    expect(await serve(ledger, open, 3)).toEqual(many.slice(0, 3));
    const [late = ''] = await queue(ledger, 'acme/bob');
    expect((await serve(ledger, open, 2)).includes(late)).toBe(true);
    expect(await serve(ledger, open, 2)).toEqual(many.slice(4, 6));
  });

  test('coming again and again with one job gives nobody more than their turn', async () => {
    const { ledger } = await openTestLedger();
    const many = await queue(ledger, 'acme/ann', 20);
    const order: string[] = [];
    for (let round = 0; round < 10; round += 1) {
      await queue(ledger, 'acme/bob');
      order.push(...(await serve(ledger, open, 2)));
    }
    expect(order.filter((id) => many.includes(id))).toHaveLength(10);
  });

  test('an owner who was passed over makes up for a single turn', async () => {
    const { ledger } = await openTestLedger();
    const passedOver = await queue(ledger, 'acme/ann', 50, dear);
    await queue(ledger, 'acme/bob', 80);
    await serve(ledger, dearHeld, 40);
    const [late = ''] = await queue(ledger, 'acme/cyd');
    const told = await Promise.all(
      [late, ...passedOver].map((id) => ledger.turns.positionOf({ id, owner: id === late ? 'acme/cyd' : 'acme/ann' })),
    );
    const order = await serve(ledger, open);
    expect(told).toEqual([late, ...passedOver].map((id) => order.indexOf(id) + 1));
    expect(order.indexOf(late)).toBeLessThanOrEqual(2);
    expect(order[0]).toBe(passedOver[0]);
    expect(order.slice(1, 41).filter((id) => passedOver.includes(id))).toHaveLength(19);
  });

  test('a job that is cancelled while it waits leaves no gap, and an owner without jobs no turn', async () => {
    const { ledger } = await openTestLedger();
    const [first = '', second = ''] = await queue(ledger, 'acme/ann', 2);
    const [other = ''] = await queue(ledger, 'acme/bob');
    await ledger.jobs.apply(other, { type: 'cancel_requested' }, nowMs);
    await ledger.jobs.apply(first, { type: 'cancel_requested' }, nowMs);
    expect(await serve(ledger)).toEqual([second]);
    expect(await ledger.turns.peek(open, nowMs)).toBe('empty');
  });

  test('two who ask at once get different jobs; one that was taken and not sent is free again after some seconds', async () => {
    const { ledger } = await openTestLedger();
    const ids = await queue(ledger, 'acme/ann', 2);
    const turns = await Promise.all([1, 2, 3].map(() => ledger.turns.next(open, nowMs)));
    const taken = turns.flatMap((turn) => (turn.kind === 'turn' ? [turn.job.id] : []));
    expect(taken.toSorted()).toEqual(ids);
    expect(turns.filter(({ kind }) => kind === 'blocked')).toHaveLength(1);
    expect(await ledger.turns.next(open, nowMs + 60_000)).toMatchObject({ kind: 'turn', job: { id: ids[0] } });
  });

  test('a turn names another job that waits, so that somebody else can be called for it', async () => {
    const { ledger } = await openTestLedger();
    const [, second] = await queue(ledger, 'acme/ann', 2);
    expect(await ledger.turns.next(open, nowMs)).toMatchObject({ another: second });
    const [third] = await queue(ledger, 'acme/bob');
    expect(await ledger.turns.next(open, nowMs)).toMatchObject({ another: third });
    const { ledger: other } = await openTestLedger();
    await queue(other, 'acme/ann');
    expect(await other.turns.next(open, nowMs)).toMatchObject({ another: null });
  });
});

describe('a turn is passed over', () => {
  test('while as many jobs of the owner are underway as may be', async () => {
    const { ledger } = await openTestLedger();
    const one = { heldModels: [], ownerRunningMax: 1 };
    const [first = '', second] = await queue(ledger, 'acme/ann', 2);
    const [other] = await queue(ledger, 'acme/bob');
    expect(await serve(ledger, one)).toEqual([first, other]);
    expect(await ledger.turns.peek(one, nowMs)).toBe('blocked');
    await ledger.jobs.apply(first, refusal(), nowMs);
    expect(await serve(ledger, one)).toEqual([second]);
  });

  test('also when the one before is taken but not yet marked as sent', async () => {
    const { ledger } = await openTestLedger();
    const one = { heldModels: [], ownerRunningMax: 1 };
    await queue(ledger, 'acme/ann', 2);
    expect((await ledger.turns.next(one, nowMs)).kind).toBe('turn');
    expect((await ledger.turns.next(one, nowMs)).kind).toBe('blocked');
  });

  test('by jobs whose model is held, not by the ones behind them', async () => {
    const { ledger } = await openTestLedger();
    const waiting = await queue(ledger, 'acme/ann', 150, dear);
    const [cheap] = await queue(ledger, 'acme/ann');
    expect(await serve(ledger, dearHeld)).toEqual([cheap]);
    expect((await ledger.turns.next(dearHeld, nowMs)).kind).toBe('blocked');
    expect(await serve(ledger, open, 1)).toEqual(waiting.slice(0, 1));
  });

  test('by any number of such jobs, so that they keep no other owner waiting', { timeout: 20_000 }, async () => {
    // So many at once may wait longer for their turn than a request may for its answer.
    const { ledger } = await openTestLedger({ role: 'blocking' });
    await queue(ledger, 'acme/ann', 10_500, dear);
    const [other] = await queue(ledger, 'acme/bob');
    expect(await serve(ledger, dearHeld)).toEqual([other]);
  });

  test('for good by a job that a process of the version before has moved on', async () => {
    const { ledger, redis, namespace } = await openTestLedger();
    const [moved = '', waiting] = await queue(ledger, 'acme/ann', 2);
    const ulid = moved.replace('video_', '');
    await ledger.jobs.apply(moved, { type: 'cancel_requested' }, nowMs);
    // Such a process does not know this index and leaves the job in it.
    await redis.zadd(`{${namespace}}:waiting:acme/ann`, 1, ulid);
    expect(await serve(ledger)).toEqual([waiting]);
    expect(await ledger.turns.peek(open, nowMs)).toBe('empty');
  });

  test('by a job that must not be taken before its time; then it is the first again', async () => {
    const { ledger } = await openTestLedger();
    const [first = '', second] = await queue(ledger, 'acme/ann', 2);
    await serve(ledger, open, 1);
    const hold = { code: 'provider_rate_limited', message: 'slow', sinceMs: nowMs, untilMs: nowMs + 60_000 } as const;
    await ledger.jobs.apply(first, { type: 'submit_deferred', hold: { ...hold, evidence: null } }, nowMs);
    await ledger.turns.reserve(first, hold.untilMs);
    expect(await ledger.turns.next(open, nowMs)).toMatchObject({ job: { id: second } });
    expect(await ledger.turns.next(open, hold.untilMs)).toMatchObject({ job: { id: first } });
  });
});

describe('the position of a waiting job', () => {
  test('is null for one that does not wait', async () => {
    const { ledger } = await openTestLedger();
    const sent = await jobAfter(ledger.jobs, toGenerating('g-1'));
    const done = await jobAfter(ledger.jobs, toCompleted('g-2'));
    expect(await ledger.turns.positionOf(sent)).toBeNull();
    expect(await ledger.turns.positionOf(done)).toBeNull();
    expect(await ledger.turns.positionOf(queuedJob())).toBeNull();
  });

  test('is the order in which the jobs are sent, whatever was queued, sent, held and cancelled before', async () => {
    const owners = ['acme', 'acme/ann', 'acme/bob', 'zeta/zoe'];
    const action = fc.oneof(
      { weight: 5, arbitrary: fc.record({ queue: fc.constantFrom(...owners), known: fc.constantFrom({}, dear) }) },
      { weight: 2, arbitrary: fc.record({ serve: fc.constantFrom(open, dearHeld) }) },
      { weight: 1, arbitrary: fc.record({ cancel: fc.nat(30) }) },
    );
    await fc.assert(
      fc.asyncProperty(fc.array(action, { maxLength: 40 }), async (actions) => {
        const { ledger } = await openTestLedger();
        const made: VideoJob[] = [];
        for (const step of actions) {
          if ('serve' in step) await serve(ledger, step.serve, 1);
          else if ('queue' in step) made.push(await jobAfter(ledger.jobs, [], { ...step.known, owner: step.queue }));
          else await apply(ledger, made[step.cancel], { type: 'cancel_requested' });
        }
        const positions = await Promise.all(made.map((job) => ledger.turns.positionOf(job)));
        const expected = made
          .map(({ id }, index) => ({ id, position: positions[index] ?? null }))
          .filter((one): one is { id: string; position: number } => one.position !== null)
          .sort((a, b) => a.position - b.position);
        expect(expected.map(({ position }) => position)).toEqual(expected.map((_, index) => index + 1));
        expect(await serve(ledger)).toEqual(expected.map(({ id }) => id));
      }),
      { numRuns: 25 },
    );
  });
});

async function apply(ledger: Ledger, job: VideoJob | undefined, event: VideoJobEvent): Promise<void> {
  if (job !== undefined) await ledger.jobs.apply(job.id, event, nowMs);
}
