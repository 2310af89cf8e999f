import { sandboxApiKey } from '@video-proxy/sandbox';
import { fileNamespace } from '@video-proxy/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type RunningWorker, startWorker } from './running-worker.ts';

// All jobs of this file run side by side in one worker, as they would in an installation.
const namespace = fileNamespace();
let worker: RunningWorker;

beforeAll(async () => {
  worker = await startWorker({
    namespace,
    probeIntervalMs: 500,
    limits: { submissionLookupMs: 4_000, generationTimeoutMs: 12_000 },
  });
});
afterAll(() => worker[Symbol.asyncDispose]());

async function typesOf(id: string): Promise<string[]> {
  return (await worker.ledger.jobs.events(id, { limit: 100 })).map((event) => event.type);
}

function acceptedCreates(id: string): number {
  return worker.sandbox.control.creates().byClientRequestId[`${id}.1`]?.accepted ?? 0;
}

describe.concurrent('a job', { timeout: 40_000 }, () => {
  test('goes from submission to a verified file on our storage', async () => {
    const { id, lifecycle } = await worker.ended(await worker.submit('a red balloon'));
    expect(lifecycle).toMatchObject({
      state: 'completed',
      usage: { heldUsd: expect.any(Number) },
      video: { contentType: 'video/mp4', durationSeconds: expect.closeTo(5, 0), width: expect.any(Number) },
    });
    if (lifecycle.state !== 'completed') return;
    expect(await worker.storage.stat(lifecycle.video.storageKey)).toEqual({ sizeBytes: lifecycle.video.sizeBytes });
    expect(await typesOf(id)).toEqual([
      'created',
      'submit_started',
      'submit_accepted',
      'generation_succeeded',
      'artifact_stored',
    ]);
  });

  test.each([
    ['another success word and shape of answer', 'pixverse/v5/text-to-video'],
    ['a list of strings as the video', 'runway/gen4_turbo'],
    ['generation_id in place of id', 'minimax/hailuo-2.3-fast'],
  ])('is completed when the model answers with %s', async (_, model) => {
    expect((await worker.ended(await worker.submit('a kite', model))).lifecycle.state).toBe('completed');
  });

  test.each([
    ['a 401', 'poll-rejected-key=1'],
    ['a 403', 'poll-forbidden=1'],
    ['a 404 for a fresh generation', 'poll-not-found=1'],
    ['a 429 with Retry-After', 'poll-rate-limited=1 retry-after=1'],
    ['a 500', 'poll-server-error=1'],
    ['a 502', 'poll-bad-gateway=1'],
    ['a 503 with Retry-After', 'poll-unavailable=1 retry-after=1'],
    ['a 504', 'poll-gateway-timeout=1'],
    ['a 524 page', 'poll-origin-timeout=1'],
    ['a page', 'poll-html=1'],
    ['an empty answer', 'poll-empty=1'],
    ['JSON of another shape', 'poll-strange-json=1'],
    ['half a JSON document', 'poll-broken-json=1'],
    ['half an answer', 'poll-cut=1'],
    ['a reset connection', 'poll-reset=1'],
  ])('outlives %s on a poll, which its history names', async (_, words) => {
    const { id, lifecycle } = await worker.ended(await worker.submit(`a kite [sandbox:${words}]`));
    expect(lifecycle.state).toBe('completed');
    expect(await typesOf(id)).toContainEqual(expect.stringMatching(/^poll_(refused|not_found|unavailable)$/));
  });

  test('whose answer was lost is found in the log of the provider, and paid once', async () => {
    const { id, lifecycle } = await worker.ended(await worker.submit('a kite [sandbox:lost-answer]'));
    expect(lifecycle.state).toBe('completed');
    expect(await typesOf(id)).toEqual(expect.arrayContaining(['submit_lost', 'submit_accepted']));
    expect(acceptedCreates(id)).toBe(1);
  });

  test('whose request was lost is not sent again, and says that its price is unknown', async () => {
    const { id, lifecycle } = await worker.ended(await worker.submit('a kite [sandbox:reset]'));
    expect(lifecycle).toMatchObject({ state: 'failed', failure: { code: 'submission_unknown', billed: 'unknown' } });
    expect(worker.sandbox.control.creates().byClientRequestId[`${id}.1`]?.received).toBe(1);
  });

  test('that was being sent when its worker died is looked up, never sent again', async () => {
    const job = await worker.write('a kite', { state: 'submitting', submittedAtMs: Date.now(), worker: 'gone' });
    const { id, lifecycle } = await worker.ended(job);
    expect(lifecycle).toMatchObject({ state: 'failed', failure: { code: 'submission_unknown' } });
    expect(worker.sandbox.control.creates().byClientRequestId[`${id}.1`]).toBeUndefined();
  });

  test('that the provider turned away by a rate limit waits and is sent again', async () => {
    const { id, lifecycle } = await worker.ended(await worker.submit('a kite [sandbox:rate-limited=1 retry-after=1]'));
    expect(lifecycle.state).toBe('completed');
    expect(await typesOf(id)).toContain('submit_deferred');
    expect(acceptedCreates(id)).toBe(1);
  });

  test.each([
    ['fails', 'provider_error', 'no'],
    ['fails=detail', 'provider_error', 'no'],
    ['moderation', 'content_rejected', 'no'],
    ['refused-content', 'content_rejected', 'no'],
    ['invalid-payload', 'invalid_request', 'no'],
    ['model-not-found', 'model_not_found', 'no'],
    ['forbidden', 'provider_forbidden', 'no'],
    ['never', 'generation_timeout', 'unknown'],
    ['file-html', 'artifact_invalid', 'yes'],
    ['file-empty', 'artifact_invalid', 'yes'],
    ['file-truncated', 'artifact_invalid', 'yes'],
    ['file-audio-only', 'artifact_invalid', 'yes'],
    ['file-zeros', 'artifact_invalid', 'yes'],
  ])('with [sandbox:%s] fails as %s, billed: %s', async (words, code, billed) => {
    const { lifecycle } = await worker.ended(await worker.submit(`a kite [sandbox:${words}]`));
    expect(lifecycle).toMatchObject({ state: 'failed', failure: { code, billed } });
  });

  test.each(['file-cut', 'file-expired', 'file-unavailable=1', 'file-reset=1'])(
    'is completed in spite of [sandbox:%s]',
    async (words) => {
      expect((await worker.ended(await worker.submit(`a kite [sandbox:${words}]`))).lifecycle.state).toBe('completed');
    },
  );

  test('cancelled while the provider is at work ends as cancelled, with its price and the file that came', async () => {
    const job = await worker.submit('a kite [sandbox:slow=1]');
    await worker.until(job, ({ lifecycle }) => lifecycle.state === 'generating');
    await worker.ledger.jobs.apply(job.id, { type: 'cancel_requested' }, Date.now());
    const { lifecycle } = await worker.ended(job);
    expect(lifecycle).toMatchObject({ state: 'cancelled', billed: 'yes', video: { contentType: 'video/mp4' } });
  });

  test('that was cancelled before its turn is never sent', async () => {
    const job = await worker.write('a kite', { state: 'queued', queuedAtMs: Date.now(), deferral: null });
    await worker.ledger.jobs.apply(job.id, { type: 'cancel_requested' }, Date.now());
    await worker.steps.add('submit', { jobId: job.id, attempt: 1 });
    const { lifecycle } = await worker.ended(job);
    expect(lifecycle).toMatchObject({ state: 'cancelled', billed: 'no' });
    expect(worker.sandbox.control.creates().byClientRequestId[`${job.id}.1`]).toBeUndefined();
  });

  test('whose step is missing from the queue gets it back', async () => {
    const job = await worker.write('a kite', { state: 'queued', queuedAtMs: Date.now(), deferral: null });
    expect((await worker.ended(job)).lifecycle.state).toBe('completed');
  });
});

test('no line of the log contains the key or a result link', () => {
  const log = worker.logLines.join('');
  expect(log.length).toBeGreaterThan(0);
  expect(log).not.toContain(sandboxApiKey);
  expect(log).not.toContain('/files/generations/');
});
