import { createHash } from 'node:crypto';
import type { VideoJobWire } from '@video-proxy/contracts';
import { expect, test } from 'vitest';
import { brokenRules, type Observations, type Outcome } from '../../chaos/rules.ts';

const file = new TextEncoder().encode('a whole file');
const video = { bytes: file.byteLength, sha256: createHash('sha256').update(file).digest('hex') };

function completedOutcome(changes: Record<string, unknown> = {}): Outcome {
  const job = { id: 'video_1', attempt: 1, status: 'completed', phase: 'completed', video, error: null, ...changes };
  return { idempotencyKey: 'wish-1', ids: ['video_1'], job: job as unknown as VideoJobWire, file };
}

function failedOutcome(error: Record<string, unknown> | null): Outcome {
  return { ...completedOutcome({ status: 'failed', phase: 'failed', video: null, error }), file: null };
}

function observations(outcome: Outcome, changes: Partial<Observations> = {}): Observations {
  return {
    outcomes: [outcome],
    listedIds: outcome.ids,
    createsByRequestId: new Map([['video_1.1', { received: 1, accepted: 1 }]]),
    chargedRequestIds: new Set(),
    told: new Map([['video_1', new Set([`video.${outcome.job?.status}`])]]),
    answersByStatus: new Map([
      [202, 1],
      [503, 7],
    ]),
    logLines: ['a line'],
    secrets: ['the key'],
    ...changes,
  };
}

const completed = completedOutcome();
const unasked = { createsByRequestId: new Map() };

test('a run without fault breaks no rule', () => {
  expect(brokenRules(observations(completed))).toEqual([]);
});

test.each<[string, Observations, RegExp]>([
  ['two jobs for one request', observations({ ...completed, ids: ['video_1', 'video_2'] }), /became 2 jobs/],
  ['a request never accepted', observations({ ...completed, ids: [] }), /never accepted: wish-1/],
  ['a lost job', observations({ ...completed, job: null, file: null }, unasked), /is lost: video_1/],
  ['a job without an end', observations(completedOutcome({ status: 'in_progress' })), /has not ended: video_1/],
  ['a failure without a reason', observations(failedOutcome(null)), /gives no reason: video_1/],
  ['a file that is gone', observations({ ...completed, file: null }), /cannot be read: video_1/],
  ['an end that nobody was told of', observations(completed, { told: new Map() }), /nobody was told.*: video_1/],
  ['half a file', observations({ ...completed, file: file.slice(0, 3) }), /not the one that was verified: video_1/],
  ['a video from nowhere', observations(completed, unasked), /was never made: video_1/],
  [
    'an accepted generation given up',
    observations(failedOutcome({ code: 'submission_unknown', billed: 'unknown' })),
    /was given up: video_1\.1/,
  ],
  [
    'a lie about money',
    observations(failedOutcome({ code: 'provider_error', billed: 'no' }), {
      chargedRequestIds: new Set(['video_1.1']),
    }),
    /nothing was billed, and it was: video_1\.1/,
  ],
  [
    'a video paid for twice',
    observations(completed, { createsByRequestId: new Map([['video_1.1', { received: 2, accepted: 2 }]]) }),
    /paid for 2 times: video_1\.1/,
  ],
  [
    'more creates than attempts',
    observations(completed, {
      createsByRequestId: new Map([
        ['video_1.1', { received: 1, accepted: 1 }],
        ['video_1.2', { received: 1, accepted: 0 }],
      ]),
    }),
    /more often than the job was tried: video_1\.2/,
  ],
  [
    'a create for nobody',
    observations(completed, {
      createsByRequestId: new Map([
        ['video_1.1', { received: 1, accepted: 1 }],
        ['video_9.1', { received: 1, accepted: 0 }],
      ]),
    }),
    /a job that nobody has: video_9\.1/,
  ],
  ['a job nobody knows', observations(completed, { listedIds: ['video_1', 'video_2'] }), /nobody was told.*video_2/],
  ['a job missing in the list', observations(completed, { listedIds: [] }), /missing in its owner's list: video_1/],
  ['an answer 500', observations(completed, { answersByStatus: new Map([[500, 2]]) }), /2 requests were answered 500/],
  ['a secret in a log', observations(completed, { logLines: ['… the key …'] }), /1 log lines show a secret/],
])('%s is a broken rule, and named', (_what, seen, words) => {
  expect(brokenRules(seen)).toEqual([expect.stringMatching(words)]);
});
