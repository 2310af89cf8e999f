import type { Hold, VideoJob, VideoJobEvent } from '@video-proxy/core';
import { jobLines } from '@video-proxy/telemetry';
import { expect, test } from 'vitest';

const hold = (untilMs: number): Hold => ({
  code: 'internal_error',
  message: 'The files of this request cannot be read now.',
  sinceMs: 2_000,
  untilMs,
  evidence: null,
});
const identity: Omit<VideoJob, 'lifecycle'> = {
  id: 'video_01k8z3v9q4n7x2m5t6r8w0y1kf',
  owner: 'client',
  provider: 'aimlapi',
  model: 'google/veo-3.1-t2v',
  prompt: null,
  parameters: {},
  metadata: {},
  watchSecret: 'secret',
  requestId: 'req_test',
  createdAtMs: 1_000,
  attempt: 1,
};
const queued = (deferral: Hold | null): VideoJob => ({
  ...identity,
  lifecycle: { state: 'queued', queuedAtMs: 1_000, deferral },
});
const submitting = (submittedAtMs: number): VideoJob => ({
  ...identity,
  lifecycle: { state: 'submitting', submittedAtMs },
});

function levelsOf(changes: readonly (readonly [previous: VideoJob, job: VideoJob])[]): string[] {
  const levels: string[] = [];
  const at = (level: string) => () => void levels.push(level);
  const lines = jobLines({ debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') });
  for (const [previous, job] of changes) {
    const { lifecycle } = job;
    if (lifecycle.state !== 'queued' || lifecycle.deferral === null) throw new Error('it was not put off');
    const event: VideoJobEvent = { type: 'submit_deferred', hold: lifecycle.deferral };
    lines.changed({ event, previous, job, atMs: 3_000 });
  }
  return levels;
}

test('a job that is put off again and again is warned of once, sent or not', () => {
  const [first, second] = [queued(hold(4_000)), queued(hold(8_000))];
  expect(
    levelsOf([
      [queued(null), first],
      [first, second],
    ]),
  ).toEqual(['warn', 'debug']);
  expect(
    levelsOf([
      [submitting(1_900), first],
      [submitting(4_000), second],
    ]),
  ).toEqual(['warn', 'debug']);
});
