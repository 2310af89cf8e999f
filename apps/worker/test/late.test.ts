import { failure, type VideoJob, type VideoJobEvent } from '@video-proxy/core';
import { sandboxApiKey } from '@video-proxy/sandbox';
import { fileNamespace } from '@video-proxy/testkit';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { type RunningWorker, startWorker } from './running-worker.ts';

// The deadline is over before the first poll: every generation that is not done by then comes late.
const namespace = fileNamespace();
let worker: RunningWorker;

beforeAll(async () => {
  worker = await startWorker({ namespace, probeIntervalMs: 500, limits: { generationTimeoutMs: 1 } });
});
afterAll(() => worker[Symbol.asyncDispose]());

const hourMs = 3_600_000;
const stepOf = ({ id }: VideoJob) => ({ jobId: id, attempt: 1 });

async function typesOf(id: string): Promise<string[]> {
  return (await worker.ledger.jobs.events(id, { limit: 100 })).map((event) => event.type);
}

/** The pauses between looks are minutes long: here the next one is now, until the job is as it is wanted. */
async function lookUntil(job: VideoJob, condition: (job: VideoJob) => boolean): Promise<VideoJob> {
  const look = async () => {
    await worker.steps.hasten('poll', stepOf(job));
    const current = (await worker.ledger.jobs.get(job.id)) ?? job;
    if (!condition(current)) throw new Error(`${current.lifecycle.state} is not what was waited for`);
    return current;
  };
  // Not `expect.poll`, which has to know its test: among concurrent ones it does not always.
  return vi.waitFor(look, { timeout: 20_000, interval: 200 });
}

/** Whether nobody will look at the first attempt any more. */
async function isMissing(job: VideoJob): Promise<boolean> {
  async function* slices() {
    yield [stepOf(job)];
  }
  for await (const steps of worker.steps.missing('poll', slices())) return steps.length > 0;
  return false;
}

/** A generation at the provider that no job knows yet. */
async function generate(words: string): Promise<string> {
  const response = await fetch(`${worker.sandbox.url}/v2/video/generations`, {
    method: 'POST',
    headers: { authorization: `Bearer ${sandboxApiKey}`, 'content-type': 'application/json' },
    body: JSON.stringify({ model: 'google/veo-3.1-t2v', prompt: `a kite [sandbox:${words}]` }),
  });
  const { id } = (await response.json()) as { id: string };
  return id;
}

const watched = (generationId: string, { sentMs, watchedUntilMs }: { sentMs: number; watchedUntilMs: number }) =>
  ({
    state: 'failed',
    submittedAtMs: sentMs,
    generationId,
    usage: { heldUsd: 1.26 },
    failure: failure('generation_timeout'),
    endedAtMs: sentMs + 1_000,
    watchedUntilMs,
  }) as const;

describe.concurrent('a job that was given up at its deadline', { timeout: 40_000 }, () => {
  test('is completed when its video comes later, paid once, and says that it was late', async () => {
    const job = await worker.submit('a kite [sandbox:slow=4]');
    const failed = await worker.ended(job);
    expect(failed.lifecycle).toMatchObject({
      failure: { code: 'generation_timeout', billed: 'unknown' },
      watchedUntilMs: expect.any(Number),
    });
    const { lifecycle } = await lookUntil(job, (now) => now.lifecycle.state === 'completed');
    expect(lifecycle).toMatchObject({ state: 'completed', late: true, video: { contentType: 'video/mp4' } });
    expect((await typesOf(job.id)).slice(-3)).toEqual(['deadline_passed', 'generation_succeeded', 'artifact_stored']);
    expect(worker.sandbox.control.creates().byClientRequestId[`${job.id}.1`]?.accepted).toBe(1);
  });

  test('takes a late failure of the provider over, so that it is known to have cost nothing', async () => {
    const job = await worker.submit('a kite [sandbox:slow=4 fails]');
    await worker.ended(job);
    const { lifecycle } = await lookUntil(job, ({ lifecycle: now }) => !('watchedUntilMs' in now));
    expect(lifecycle).toMatchObject({ state: 'failed', failure: { code: 'provider_error', billed: 'no' } });
  });

  test('fails as invalid when the late file is not a video', async () => {
    const job = await worker.submit('a kite [sandbox:slow=3 file-html]');
    await worker.ended(job);
    const { lifecycle } = await lookUntil(
      job,
      ({ lifecycle: now }) => now.state === 'failed' && now.watchedUntilMs === undefined,
    );
    expect(lifecycle).toMatchObject({ failure: { code: 'artifact_invalid', billed: 'yes' } });
  });

  test.each(['poll-rejected-key=1', 'poll-server-error=1', 'poll-reset=1', 'poll-not-found=1'])(
    'waits out [sandbox:%s] while it is watched',
    async (words) => {
      const generationId = await generate(words);
      const now = Date.now();
      const job = await worker.write('a kite', watched(generationId, { sentMs: now, watchedUntilMs: now + hourMs }));
      expect((await lookUntil(job, ({ lifecycle }) => lifecycle.state === 'completed')).lifecycle).toMatchObject({
        late: true,
      });
    },
  );

  test('stays cancelled when it was cancelled, with the price and the file that come late', async () => {
    const job = await worker.submit('a kite [sandbox:slow=4]');
    await worker.until(job, ({ lifecycle }) => lifecycle.state === 'generating');
    await worker.ledger.jobs.apply(job.id, { type: 'cancel_requested' }, Date.now());
    expect((await worker.ended(job)).lifecycle).toMatchObject({ state: 'cancelled', billed: 'unknown', video: null });
    const { lifecycle } = await lookUntil(job, ({ lifecycle: is }) => is.state === 'cancelled' && is.video !== null);
    expect(lifecycle).toMatchObject({ billed: 'yes', video: { contentType: 'video/mp4' } });
  });

  test('is looked at a last time when its day is over, then left alone with its failure', async () => {
    const now = Date.now();
    const times = { sentMs: now - 24 * hourMs, watchedUntilMs: now - 1 };
    const job = await worker.write('a kite', watched('unknown-generation', times));
    await worker.steps.add('poll', stepOf(job));
    const { lifecycle } = await worker.until(job, ({ lifecycle: is }) => !('watchedUntilMs' in is));
    expect(lifecycle).toMatchObject({ state: 'failed', failure: { code: 'generation_timeout' } });
    expect(await typesOf(job.id)).toEqual(['created', 'watch_ended']);
    for await (const ids of worker.ledger.jobs.watchedIds()) expect(ids).not.toContain(job.id);
  });

  test('gets its look back when the queue has lost it', async () => {
    const generationId = await generate('slow=0');
    const now = Date.now();
    const job = await worker.write('a kite', watched(generationId, { sentMs: now, watchedUntilMs: now + hourMs }));
    const { lifecycle } = await worker.until(job, (is) => is.lifecycle.state === 'completed');
    expect(lifecycle).toMatchObject({ late: true });
  });
});

describe.concurrent('a generation that the provider does not know', { timeout: 40_000 }, () => {
  const generating = (generationId: string, ageMs: number) =>
    ({ state: 'generating', submittedAtMs: Date.now() - ageMs, generationId, usage: null }) as const;

  test('is asked for again three times in a row, and found', async () => {
    const job = await worker.write('a kite', generating(await generate('poll-not-found=3'), 180_000));
    await worker.steps.add('poll', stepOf(job));
    const { lifecycle } = await worker.ended(job);
    expect(lifecycle).toMatchObject({ state: 'completed' });
    expect(lifecycle).not.toHaveProperty('late');
  });

  test('ends its job at the fourth time in a row, and completes it when it shows up again', async () => {
    const job = await worker.write('a kite', generating(await generate('poll-not-found=4'), 180_000));
    await worker.steps.add('poll', stepOf(job));
    expect((await worker.ended(job)).lifecycle).toMatchObject({
      state: 'failed',
      failure: { code: 'provider_error', billed: 'unknown', evidence: { statusCode: 404 } },
      watchedUntilMs: expect.any(Number),
    });
    await lookUntil(job, ({ lifecycle }) => lifecycle.state === 'completed');
    expect(await typesOf(job.id)).toEqual([
      'created',
      'poll_not_found',
      'generation_not_found',
      'generation_succeeded',
      'artifact_stored',
    ]);
  });

  test('is asked for more often than that while it is fresh', async () => {
    const job = await worker.write('a kite', generating(await generate('poll-not-found=5'), 0));
    await lookUntil(job, ({ lifecycle }) => lifecycle.state === 'completed');
    expect(await typesOf(job.id)).not.toContain('generation_not_found');
  });
});

describe.concurrent('a recheck', { timeout: 40_000 }, () => {
  const hopeless = (generationId: string) =>
    ({
      state: 'failed',
      submittedAtMs: Date.now() - hourMs,
      generationId,
      usage: null,
      failure: failure('artifact_unavailable'),
      endedAtMs: Date.now() - hourMs / 2,
    }) as const;

  async function recheck(generationId: string): Promise<VideoJob> {
    const job = await worker.write('a kite', hopeless(generationId));
    await worker.ledger.jobs.apply(job.id, { type: 'recheck_requested' }, Date.now());
    await worker.steps.hasten('poll', stepOf(job));
    return worker.ended(job);
  }

  test('completes a job whose file can be had after all', async () => {
    const { id, lifecycle } = await recheck(await generate('slow=0'));
    expect(lifecycle).toMatchObject({ state: 'completed', late: true });
    expect(worker.sandbox.control.creates().byClientRequestId[`${id}.1`]).toBeUndefined();
  });

  test('that is ordered while the job is just being looked at is done by that very step', async () => {
    const generationId = await generate('never poll-delay=1');
    const now = Date.now();
    const job = await worker.write('a kite', watched(generationId, { sentMs: now, watchedUntilMs: now + hourMs }));
    await worker.steps.add('poll', stepOf(job));
    await worker.sandbox.control.waitForRequest(({ path }) => path.includes(generationId), 20_000);
    await worker.ledger.jobs.apply(job.id, { type: 'recheck_requested' }, Date.now());
    await worker.steps.hasten('poll', stepOf(job));
    await worker.ended(job);
    expect(await typesOf(job.id)).toEqual(['created', 'recheck_requested', 'recheck_ended']);
  });

  test.each([
    ['the provider is still not done', 'never'],
    ['the provider does not know the generation', 'poll-not-found=9'],
    ['the provider refuses the key', 'poll-rejected-key=9'],
    ['the way is broken', 'poll-server-error=9'],
    ['there is still no file', 'video-late=9'],
  ])('leaves the earlier failure as it was when %s', async (_, words) => {
    const { id, lifecycle } = await recheck(await generate(`slow=0 ${words}`));
    expect(lifecycle).toMatchObject({ state: 'failed', failure: { code: 'artifact_unavailable', billed: 'yes' } });
    expect((await typesOf(id)).at(-1)).toBe('recheck_ended');
  });
});

test('a given-up attempt is watched no longer once another is sent, so that a step the new one lacks is seen', async () => {
  const job = await worker.submit('a kite [sandbox:slow=30]');
  await worker.ended(job);
  expect(await isMissing(job)).toBe(false);
  await worker.ledger.jobs.apply(job.id, { type: 'retry_requested' }, Date.now());
  await worker.steps.add('submit', { jobId: job.id, attempt: 2 });
  await expect.poll(() => isMissing(job), { timeout: 20_000 }).toBe(true);
});

test('an answer about an earlier attempt ends the step of that attempt, also when the later one is watched by then', async () => {
  const generationId = await generate('slow=0 fails poll-delay=2');
  const sent = { submittedAtMs: Date.now(), generationId, usage: null };
  const job = await worker.write('a kite', { state: 'generating', ...sent });
  await worker.steps.add('poll', stepOf(job));
  await worker.sandbox.control.waitForRequest(({ path }) => path.includes(generationId), 20_000);
  const meanwhile: readonly VideoJobEvent[] = [
    { type: 'deadline_passed' },
    { type: 'retry_requested' },
    { type: 'submit_started' },
    { type: 'submit_accepted', generationId: 'of-the-second-attempt', usage: null },
    { type: 'deadline_passed' },
  ];
  for (const event of meanwhile) await worker.ledger.jobs.apply(job.id, event, Date.now());
  await expect.poll(() => isMissing(job), { timeout: 20_000 }).toBe(true);
  expect(await worker.ledger.jobs.get(job.id)).toMatchObject({
    attempt: 2,
    lifecycle: { state: 'failed', failure: { code: 'generation_timeout' } },
  });
});
