import type { StepName, StepPayloads } from '@video-proxy/contracts';
import type { Lifecycle, VideoJob } from '@video-proxy/core';
import { expect, test } from 'vitest';
import { reconcile } from '../src/upkeep/reconcile.ts';
import { newJob, openRecords } from './records.ts';

const sent = { submittedAtMs: 1 };
const accepted = { ...sent, generationId: 'g', usage: null };
const finished = { ...accepted, sourceUrl: 'https://cdn.example/a.mp4', generatedAtMs: 2 };
const queued: Lifecycle = { state: 'queued', queuedAtMs: 1, deferral: null };
const generating = { state: 'generating', ...accepted } as const;
const storing = { state: 'storing', ...finished } as const;
const cancelling = (following: typeof generating | typeof storing): Lifecycle => ({
  state: 'cancelling',
  cancelRequestedAtMs: 3,
  following,
});

/** Every state of a job that was sent and has not ended, with the step that moves it on. */
const unfinished: readonly [StepName, Lifecycle][] = [
  ['poll', { state: 'submitting', ...sent }],
  ['poll', { state: 'submission_unknown', ...sent, evidence: null }],
  ['poll', generating],
  ['store', storing],
  ['poll', cancelling(generating)],
  ['store', cancelling(storing)],
];

/** A ledger and its queues without a worker, and what reconcile reads and adds. */
async function openParts() {
  const { namespace, redis, ledger, steps } = await openRecords();
  const read: string[] = [];
  const added: [StepName, StepPayloads[StepName]][] = [];
  const parts = {
    ledger: {
      ...ledger,
      jobs: {
        ...ledger.jobs,
        getMany(ids: readonly string[]) {
          read.push(...ids);
          return ledger.jobs.getMany(ids);
        },
      },
    },
    steps: {
      ...steps,
      addMany(step: StepName, payloads: readonly StepPayloads[StepName][], nextDelayMs?: () => number) {
        added.push(...payloads.map((payload) => [step, payload] as [StepName, StepPayloads[StepName]]));
        return steps.addMany(step, payloads, nextDelayMs);
      },
    },
  };
  return {
    redis,
    namespace,
    steps,
    read,
    /** What one run of it has added. */
    async reconcile() {
      added.length = 0;
      await reconcile(parts);
      return new Map(
        added.map(([step, payload]) => ['jobId' in payload ? `${payload.jobId}.${payload.attempt}` : '', step]),
      );
    },
    async write(lifecycle: Lifecycle, known: Partial<VideoJob> = {}): Promise<VideoJob> {
      const job = newJob(lifecycle, known);
      await ledger.jobs.create(job, null);
      return job;
    },
    /** As `DEL` of everything that belongs to the queues does. */
    async emptyQueues() {
      const keys = await redis.keys(`{${namespace}}:*`);
      const ofQueues = keys.filter((key) => /^[^:]+:(submit|poll|store):/.test(key));
      expect(ofQueues.length).toBeGreaterThan(0);
      await redis.del(...ofQueues);
    },
  };
}

test('every job on its way without a step gets the one that moves it on, once', async () => {
  const parts = await openParts();
  const wanted = new Map<string, StepName>();
  for (const [step, lifecycle] of unfinished) {
    for (const attempt of [1, 3]) wanted.set(`${(await parts.write(lifecycle, { attempt })).id}.${attempt}`, step);
  }
  expect(await parts.reconcile()).toEqual(wanted);
  expect(await parts.reconcile()).toEqual(new Map());
});

test('a queue emptied by hand is filled again in one run', async () => {
  const parts = await openParts();
  for (let count = 0; count < 120; count += 1) await parts.write(generating);
  await parts.reconcile();
  await parts.emptyQueues();
  expect(await parts.reconcile()).toHaveProperty('size', 120);
  // The first comes at once, the others one after the other: the provider does not get all polls together.
  expect((await parts.steps.counts()).poll).toEqual({ waiting: 1, active: 0, delayed: 119 });
  expect(await parts.reconcile()).toEqual(new Map());
});

test('a queue of which only the lists were deleted is filled again in one run', async () => {
  const parts = await openParts();
  await parts.write(generating);
  await parts.write(generating, { attempt: 2 });
  await parts.reconcile();
  await parts.redis.del(`{${parts.namespace}}:poll:wait`, `{${parts.namespace}}:poll:delayed`);
  expect(await parts.reconcile()).toHaveProperty('size', 2);
  expect((await parts.steps.counts()).poll).toEqual({ waiting: 1, active: 0, delayed: 1 });
});

test('jobs that have their step are not read, however many there are', async () => {
  const parts = await openParts();
  const jobs = await Promise.all(Array.from({ length: 1_000 }, () => parts.write(generating)));
  const payloads = jobs.map(({ id }) => ({ jobId: id, attempt: 1 }));
  await parts.steps.addMany('poll', payloads.slice(0, 500));
  await Promise.all(payloads.slice(500).map((payload) => parts.steps.add('poll', payload, { delayMs: 60_000 })));
  const lost = await parts.write(generating);
  expect(await parts.reconcile()).toEqual(new Map([[`${lost.id}.1`, 'poll']]));
  expect(parts.read).toEqual([lost.id]);
});

test('one step is enough for all jobs that wait for their turn, and one that waits is enough', async () => {
  const parts = await openParts();
  for (let count = 0; count < 3; count += 1) await parts.write(queued);
  await parts.reconcile();
  await parts.reconcile();
  expect((await parts.steps.counts()).submit).toEqual({ waiting: 1, active: 0, delayed: 0 });
  await parts.emptyQueues();
  await parts.reconcile();
  expect((await parts.steps.counts()).submit).toEqual({ waiting: 1, active: 0, delayed: 0 });
});

test('a step that waits long for its time keeps no waiting job from its turn', async () => {
  const parts = await openParts();
  const job = await parts.write(queued);
  await parts.steps.add('submit', { jobId: job.id, attempt: 1 }, { delayMs: 3_600_000 });
  await parts.reconcile();
  expect((await parts.steps.counts()).submit).toEqual({ waiting: 1, active: 0, delayed: 0 });
});

test('ended jobs get no step', async () => {
  const parts = await openParts();
  await parts.write({ state: 'cancelled', ...accepted, video: null, billed: 'no', endedAtMs: 4 });
  expect(await parts.reconcile()).toEqual(new Map());
});
