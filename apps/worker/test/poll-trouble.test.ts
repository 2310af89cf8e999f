import { sandboxApiKey } from '@video-proxy/sandbox';
import { fileNamespace } from '@video-proxy/testkit';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { type PollTrouble, type ProviderInTrouble, startProviderInTrouble } from './provider-in-trouble.ts';
import { type RunningWorker, startWorker } from './running-worker.ts';

const namespace = fileNamespace();
let provider: ProviderInTrouble;
let worker: RunningWorker;

beforeAll(async () => {
  provider = await startProviderInTrouble(() => worker.sandbox.url);
  worker = await startWorker({ namespace, probeIntervalMs: 500, baseUrl: provider.url });
});
afterAll(async () => {
  await worker[Symbol.asyncDispose]();
  await provider[Symbol.asyncDispose]();
});

/** More in a row than an unknown generation is given, and its time of grace is over. */
const times = 6;
const ageMs = 180_000;

const answer =
  (status: number, body = '{}', headers: Record<string, string> = {}): PollTrouble =>
  (response) =>
    void response.writeHead(status, headers).end(body);

const cutOff: PollTrouble = (response) => {
  response.writeHead(200, { 'content-length': '1000' }).write('{"id":"x","status":"error"');
  response.socket?.end();
};

async function generate(): Promise<string> {
  const response = await fetch(`${worker.sandbox.url}/v2/video/generations`, {
    method: 'POST',
    headers: { authorization: `Bearer ${sandboxApiKey}`, 'content-type': 'application/json' },
    body: JSON.stringify({ model: 'google/veo-3.1-t2v', prompt: 'a kite [sandbox:slow=0]' }),
  });
  return ((await response.json()) as { id: string }).id;
}

describe.concurrent('a generation that only meets trouble of one kind on its polls', { timeout: 60_000 }, () => {
  test.each<[string, PollTrouble]>([
    ['400', answer(400)],
    ['401', answer(401)],
    ['403', answer(403)],
    ['408', answer(408)],
    ['413', answer(413)],
    ['422', answer(422)],
    ['425', answer(425)],
    ['429 that asks for an hour', answer(429, '{}', { 'retry-after': '3600' })],
    ['500', answer(500)],
    ['524 with a page', answer(524, '<!DOCTYPE html><title>524</title>')],
    ['a page of success', answer(200, '<html>Just a moment</html>')],
    ['a page that says 404', answer(404, '<html>Not found</html>')],
    ['an empty body', answer(200, '')],
    ['half a JSON document', answer(200, '{"status":"err')],
    ['half an answer', cutOff],
    ['a reset', (response) => void response.socket?.resetAndDestroy()],
  ])('is not ended by %s, and completes its job afterwards', async (_, trouble) => {
    const generationId = await generate();
    provider.trouble(generationId, trouble, times);
    const submittedAtMs = Date.now() - ageMs;
    const job = await worker.write('a kite', { state: 'generating', submittedAtMs, generationId, usage: null });
    // The pauses between the tries are not waited for.
    const look = async () => {
      await worker.steps.hasten('poll', { jobId: job.id, attempt: 1 });
      const state = (await worker.ledger.jobs.get(job.id))?.lifecycle.state;
      if (state !== 'completed') throw new Error(`${state}`);
    };
    await vi.waitFor(look, { timeout: 40_000, interval: 200 });
    expect(provider.met(generationId)).toBe(times);
    const types = (await worker.ledger.jobs.events(job.id, { limit: 100 })).map(({ type }) => type);
    // Nothing but the way into trouble: a job that had ended would be completed late.
    const metTrouble = expect.stringMatching(/^poll_(refused|unavailable)$/);
    expect(types).toEqual(['created', metTrouble, 'generation_succeeded', 'artifact_stored']);
  });
});

test('a poll that is never answered is given up and asked again', { timeout: 60_000 }, async () => {
  const generationId = await generate();
  provider.trouble(generationId, () => {}, 1);
  const job = await worker.write('a kite', {
    state: 'generating',
    submittedAtMs: Date.now(),
    generationId,
    usage: null,
  });
  await worker.steps.add('poll', { jobId: job.id, attempt: 1 });
  expect((await worker.ended(job)).lifecycle.state).toBe('completed');
  expect(provider.met(generationId)).toBe(1);
});

test('a price that was not known comes with the last poll', { timeout: 40_000 }, async () => {
  const generationId = await generate();
  const finished = {
    status: 'completed',
    video: { url: `${provider.url}/expired.mp4` },
    meta: { usage: { usd_spent: 1.26 } },
  };
  provider.trouble(generationId, answer(200, JSON.stringify(finished)), 1);
  const job = await worker.write('a kite', {
    state: 'generating',
    submittedAtMs: Date.now(),
    generationId,
    usage: null,
  });
  await worker.steps.add('poll', { jobId: job.id, attempt: 1 });
  expect((await worker.ended(job)).lifecycle).toMatchObject({ state: 'completed', usage: { heldUsd: 1.26 } });
});
