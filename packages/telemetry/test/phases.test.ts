import type { Generating, Lifecycle, Queued, Storing, Submitting } from '@video-proxy/core';
import { expect, test } from 'vitest';
import { phaseEndedBy } from '../src/phases.ts';

const queued: Queued = { state: 'queued', queuedAtMs: 1_000, deferral: null };
const submitting: Submitting = { state: 'submitting', submittedAtMs: 2_000 };
const generating: Generating = { state: 'generating', submittedAtMs: 2_000, generationId: 'g', usage: null };
const storing: Storing = {
  ...generating,
  state: 'storing',
  sourceUrl: 'https://cdn.example/a.mp4',
  generatedAtMs: 9_000,
};
const cancelled: Lifecycle = {
  state: 'cancelled',
  submittedAtMs: null,
  generationId: null,
  usage: null,
  video: null,
  billed: 'no',
  endedAtMs: 3_000,
};

test.each([
  ['waiting ends when the request is about to be sent', queued, submitting, { phase: 'queued', sinceMs: 1_000 }],
  ['waiting ends when the job is cancelled', queued, cancelled, { phase: 'queued', sinceMs: 1_000 }],
  ['sending ends with the answer', submitting, generating, { phase: 'submitting', sinceMs: 2_000 }],
  ['a generation counts from its request', generating, storing, { phase: 'generating', sinceMs: 2_000 }],
  ['storing counts from the finished generation', storing, cancelled, { phase: 'storing', sinceMs: 9_000 }],
] as const)('%s', (_rule, before, after, ended) => {
  expect(phaseEndedBy(before, after)).toEqual(ended);
});

test('a wish to cancel ends no phase: the generation goes on', () => {
  const cancelling: Lifecycle = { state: 'cancelling', cancelRequestedAtMs: 3_000, following: generating };
  expect(phaseEndedBy(generating, cancelling)).toBeNull();
  expect(phaseEndedBy(cancelling, { ...cancelling, following: storing })).toEqual({
    phase: 'generating',
    sinceMs: 2_000,
  });
});

test('a recheck, which may come days later, is no phase', () => {
  expect(phaseEndedBy({ ...generating, endedBefore: cancelled }, cancelled)).toBeNull();
});
