import type { Generating, Lifecycle, Storing, VideoJob } from '@video-proxy/core';
import { failure } from '@video-proxy/core';
import { expect, test } from 'vitest';
import { spansEndedBy } from '../src/traces/job-spans.ts';
import { attemptIdOf, isSampled, rootIdOf, traceIdOf } from '../src/traces/trace-ids.ts';

const id = 'video_01j0000000000000000000000a';
const generating: Generating = { state: 'generating', submittedAtMs: 2_000, generationId: 'g', usage: null };
const storing: Storing = {
  ...generating,
  state: 'storing',
  sourceUrl: 'https://cdn.example/secret.mp4',
  generatedAtMs: 9_000,
};
const timedOut: Lifecycle = {
  state: 'failed',
  submittedAtMs: 2_000,
  generationId: 'g',
  usage: null,
  failure: failure('generation_timeout'),
  endedAtMs: 10_000,
};

function job(lifecycle: Lifecycle, attempt = 1): VideoJob {
  return {
    id,
    owner: 'ann/someone',
    provider: 'aimlapi',
    model: 'google/veo-3.1-t2v',
    prompt: 'a red balloon',
    parameters: {},
    metadata: {},
    watchSecret: 'secret',
    requestId: 'req_1',
    createdAtMs: 1_000,
    attempt,
    lifecycle,
  };
}

const spansOf = (before: Lifecycle, after: Lifecycle, attempt = 1) =>
  spansEndedBy({
    previous: job(before, attempt),
    job: job(after, attempt),
    atMs: 10_000,
  });

test('the end of a job ends its phase and its attempt, which hold the whole of what was done', () => {
  const [phase, attempt] = spansOf(generating, timedOut, 2);
  const traceId = traceIdOf(id);
  expect(phase).toMatchObject({ traceId, name: 'generating', beganAtMs: 2_000, error: 'generation_timeout' });
  expect(phase?.parentId).toBe(attemptIdOf(id, 2));
  expect(attempt).toMatchObject({ traceId, id: attemptIdOf(id, 2), parentId: rootIdOf(id) });
  expect(attempt).toMatchObject({
    name: 'video job',
    beganAtMs: 1_000,
    endedAtMs: 10_000,
    error: 'generation_timeout',
  });
});

test('a job ends once: a late video and a recheck have no second end', () => {
  expect(spansOf({ ...storing, late: true }, timedOut).map(({ name }) => name)).toEqual(['storing']);
  expect(spansOf({ ...generating, endedBefore: timedOut }, timedOut)).toEqual([]);
});

test('neither a link nor a word of the user is in a span', () => {
  const text = JSON.stringify([...spansOf(generating, storing), ...spansOf(storing, timedOut)]);
  expect(text).toContain('storing');
  expect(text).not.toMatch(/secret|balloon|someone/);
});

test('a share of the jobs is sampled by their trace ids, and a larger share holds the smaller', () => {
  const traces = Array.from({ length: 2_000 }, (_, index) => traceIdOf(`video_${index}`));
  const half = traces.filter((traceId) => isSampled(traceId, 0.5));
  expect(half.length).toBeGreaterThan(800);
  expect(half.length).toBeLessThan(1_200);
  expect(traces.filter((traceId) => isSampled(traceId, 0.1)).every((traceId) => half.includes(traceId))).toBe(true);
  expect(traces.every((traceId) => isSampled(traceId, 1))).toBe(true);
});
