import type { VideoJob, VideoJobState } from '@video-proxy/core';
import type { Sandbox } from '@video-proxy/sandbox';
import { testNamespace } from '@video-proxy/testkit';
import { describe, expect, test } from 'vitest';
import { type RunningWorker, startWorker } from './running-worker.ts';

/** The creates before the first accepted one, and how many questions for the balance lie between each two. */
function questionsBetweenCreates({ control }: Sandbox, creates: number): number[] {
  const kinds = control.requests().map(({ kind }) => kind);
  const questions = kinds.filter((kind) => kind === 'create' || kind === 'billing').join(' ');
  return questions
    .split('create')
    .slice(1, creates)
    .map((between) => between.split('billing').length - 1);
}

async function submitMany(worker: RunningWorker, count: number) {
  return Promise.all(Array.from({ length: count }, (_, index) => worker.submit(`video ${index}`)));
}

const stateOf = ({ lifecycle }: Awaited<ReturnType<RunningWorker['ended']>>) => lifecycle.state;

describe('after the account was refused', () => {
  test('each opening is one create of all workers together, until one is accepted', async () => {
    const namespace = testNamespace();
    await using worker = await startWorker({ namespace, probeIntervalMs: 300 });
    await using _other = await startWorker({ namespace, probeIntervalMs: 300, baseUrl: worker.sandbox.url });
    // The balance is told all the time, as by a provider whose billing says "fine" while creates are refused.
    worker.sandbox.control.script('create', 'rejected-key', 4);
    await worker.ended(await worker.submit('the first'));
    const jobs = await submitMany(worker, 8);
    const ends = (await Promise.all(jobs.map(worker.ended))).map(stateOf);
    expect(ends.toSorted()).toEqual([...Array(5).fill('completed'), ...Array(3).fill('failed')]);
    expect(Math.min(...questionsBetweenCreates(worker.sandbox, 5))).toBeGreaterThan(0);
    const holds = await worker.ledger.holds.read();
    expect({ accounts: holds.accounts.size, trial: holds.trial }).toEqual({ accounts: 0, trial: null });
  });

  test('the trial of a worker that is gone ends, and the next one begins', async () => {
    await using worker = await startWorker({ namespace: testNamespace(), probeIntervalMs: 300 });
    worker.sandbox.control.script('create', 'rejected-key', 1);
    await worker.ended(await worker.submit('the first'));
    const left = { holder: 'h', worker: 'gone', untilMs: Date.now() + 150_000 };
    expect(await worker.ledger.holds.takeTrial(left, Date.now())).toBe(true);
    expect(stateOf(await worker.ended(await worker.submit('the second')))).toBe('completed');
  });

  test('a worker that starts anew goes on with the same hold', async () => {
    const namespace = testNamespace();
    const before = await startWorker({ namespace, probeIntervalMs: 60_000 });
    before.sandbox.control.script('create', 'rejected-key');
    await before.ended(await before.submit('the first'));
    const known = await before.ledger.holds.read();
    await before[Symbol.asyncDispose]();

    await using worker = await startWorker({ namespace, probeIntervalMs: 60_000, limits: { holdMaxMs: 1_000 } });
    const { lifecycle } = await worker.ended(await worker.submit('the second'));
    expect(lifecycle).toMatchObject({ failure: { code: 'hold_expired', evidence: { statusCode: 401 } } });
    expect(await worker.ledger.holds.read()).toEqual(known);
    expect(worker.sandbox.control.creates().received).toBe(0);
  });
});

describe('after a time in which nothing was sent', () => {
  test('a key that was revoked meanwhile costs one job of all that come then', async () => {
    const namespace = testNamespace();
    await using worker = await startWorker({ namespace });
    await using _other = await startWorker({ namespace, baseUrl: worker.sandbox.url });
    await expect.poll(() => worker.ledger.credential.read()).toMatchObject({ state: 'ok' });
    worker.sandbox.control.setKeyAccepted(false);
    const jobs = await submitMany(worker, 8);
    const failed = await Promise.race(jobs.map(worker.ended));
    expect(failed.lifecycle).toMatchObject({ state: 'failed', failure: { code: 'provider_auth_failed' } });
    await expect.poll(async () => (await worker.ledger.holds.read()).trial).toBeNull();
    const states = (await Promise.all(jobs.map(({ id }) => worker.ledger.jobs.get(id)))).map(
      (job) => job?.lifecycle.state,
    );
    expect(states.toSorted()).toEqual(['failed', ...Array(7).fill('queued')]);
    expect(worker.sandbox.control.creates().received).toBe(1);
  });

  test('the first request goes alone, and once it is accepted the others go together', async () => {
    await using worker = await startWorker({ namespace: testNamespace() });
    const { control } = worker.sandbox;
    await worker.submit('the first [sandbox:answer-delay=1]');
    await control.waitForRequest(({ kind }) => kind === 'create');
    const others = await Promise.all([1, 2, 3, 4].map((n) => worker.submit(`${n} [sandbox:answer-delay=4]`)));
    const states = () =>
      Promise.all(others.map(({ id }) => worker.ledger.jobs.get(id).then((job) => job && stateOf(job))));
    await expect.poll(states, { timeout: 8_000 }).toEqual(Array(4).fill('submitting'));
    expect((await Promise.all(others.map(worker.ended))).map(stateOf)).toEqual(Array(4).fill('completed'));
  });

  test('the others do not wait for long when the first is answered slowly', async () => {
    await using worker = await startWorker({ namespace: testNamespace() });
    const { control } = worker.sandbox;
    await expect.poll(() => worker.ledger.credential.read()).toMatchObject({ state: 'ok' });
    const first = await worker.submit('the first [sandbox:answer-delay=12]');
    await control.waitForRequest(({ kind }) => kind === 'create');
    await worker.until(await worker.submit('the second'), ({ lifecycle }) => lifecycle.state === 'generating');
    expect((await worker.ledger.jobs.get(first.id))?.lifecycle.state).toBe('submitting');
  });
});

test('a key of which nothing is known yet is tried with one create, not with all that wait', async () => {
  await using worker = await startWorker({ namespace: testNamespace(), probeIntervalMs: 300 });
  const { control } = worker.sandbox;
  control.script('billing', 'not-found', 10_000);
  control.script('create', 'rejected-key', 3);
  const ends = (await Promise.all((await submitMany(worker, 6)).map(worker.ended))).map(stateOf);
  expect(ends.filter((state) => state === 'failed')).toHaveLength(3);
  expect(Math.min(...questionsBetweenCreates(worker.sandbox, 4))).toBeGreaterThan(0);
});

test('a trial whose worker died is over when a create can no longer be under way', async () => {
  await using worker = await startWorker({ namespace: testNamespace() });
  await expect.poll(() => worker.ledger.credential.read()).toMatchObject({ state: 'ok' });
  const nowMs = Date.now();
  const untilMs = nowMs + 2_000;
  await worker.ledger.holds.takeTrial({ holder: 'a dead worker', untilMs }, nowMs);
  await worker.ledger.holds.change('provider', () => ({
    code: 'provider_unavailable',
    message: 'not reached',
    sinceMs: nowMs,
    untilMs: nowMs,
    evidence: null,
    tries: 1,
    refusedAtMs: nowMs,
    balanceUsd: null,
    doubted: false,
  }));
  expect(stateOf(await worker.ended(await worker.submit('a kite')))).toBe('completed');
  const create = worker.sandbox.control.requests().find(({ kind }) => kind === 'create');
  expect(create?.atMs).toBeGreaterThanOrEqual(untilMs);
});

test('two workers with different keys: the one that is refused waits alone', async () => {
  const namespace = testNamespace();
  await using good = await startWorker({ namespace, probeIntervalMs: 300 });
  await using _bad = await startWorker({
    namespace,
    probeIntervalMs: 300,
    apiKey: 'f'.repeat(32),
    baseUrl: good.sandbox.url,
  });
  // Either may be the first to write what it knows; afterwards the bad one is known to be refused. Polls are not waited for:
  // the bad worker takes its part of them, too.
  const answered = (job: VideoJob) => good.until(job, ({ lifecycle }) => !isUnsent(lifecycle.state));
  await answered(await good.submit('the first'));
  const refusedKeys = async () => [...(await good.ledger.holds.read()).accounts.values()];
  await expect.poll(refusedKeys, { timeout: 5_000 }).toMatchObject([{ doubted: true }]);
  await expect.poll(() => good.ledger.credential.read(), { timeout: 5_000 }).toMatchObject({ state: 'ok' });
  const sentBefore = sentWithOtherKey();
  const jobs = await Promise.all((await submitMany(good, 6)).map(answered));
  expect(jobs.filter(({ lifecycle }) => lifecycle.state === 'failed')).toEqual([]);
  expect(sentWithOtherKey()).toBe(sentBefore);

  function sentWithOtherKey(): number {
    const creates = good.sandbox.control.requests().filter(({ kind }) => kind === 'create');
    return creates.filter(({ credential }) => credential === 'other').length;
  }
});

const isUnsent = (state: VideoJobState) => state === 'queued' || state === 'submitting';
