/**
 * Fills a ledger with jobs as months of use leave them: `REDIS_URL=… node bench/seed-jobs.ts 200000`. They are written by
 * the ledger itself, each in the state it has ended in, so that documents and indexes are those of real jobs; only their
 * histories are a single line.
 */
import {
  type Billed,
  type FailureCode,
  failure,
  type Lifecycle,
  type ProviderEvidence,
  type VideoJob,
} from '@video-proxy/core';
import { newVideoJobId, openLedger } from '@video-proxy/ledger';
import { closeRedis, connectRedis } from '@video-proxy/redis';

const dayMs = 24 * 3_600_000;
const spreadMs = 30 * dayMs;
const atOnce = 200;
/** The last tenth waits, as after some minutes of a hold, for more owners than one look at the turns takes in. */
const waitingShare = 0.1;
const waitingSpreadMs = 10 * 60_000;
const waitingOwners = 5_000;
/** Of every thousand of the others: 60 of the incident of one hour, 60 other failures, 30 cancelled ones; the rest is completed. */
const [ofIncident, ofFailures, ofCancelled] = [60, 60, 30];

const models = [
  'google/veo-3.1-t2v',
  'google/veo-3.1-t2v-fast',
  'openai/sora-2-t2v',
  'kling-video/v2.1/master/text-to-video',
];
const words =
  'a slow red fox crosses the snowy field at dawn while camera follows its tracks between old pines over hills of glass lanterns boats rain city neon dancer horse whale storm'.split(
    ' ',
  );
/** A word that one job in ten thousand has. */
export const rareWord = 'zeppelin';
export const incident: { readonly code: FailureCode; readonly model: string } = {
  code: 'provider_auth_failed',
  model: models[0] ?? '',
};

const failures: readonly (readonly [FailureCode, number | null, string | null, Billed])[] = [
  ['provider_error', 200, 'generation_failed', 'no'],
  ['provider_error', 500, null, 'unknown'],
  ['content_rejected', 400, 'content_policy', 'no'],
  ['generation_timeout', null, null, 'unknown'],
  ['provider_rate_limited', 429, 'too_many_requests', 'no'],
  ['artifact_unavailable', null, null, 'yes'],
  ['hold_expired', 402, 'insufficient_credits', 'no'],
  ['submission_unknown', 504, null, 'unknown'],
];

export interface SeededJobs {
  readonly count: number;
  readonly ofIncident: number;
  /** Some of those that have ended, for searches. */
  readonly samples: readonly VideoJob[];
  /** Some of those that wait. */
  readonly waiting: readonly VideoJob[];
}

const samplesMax = 200;

export async function seedJobs(redisUrl: string, count: number, report: (made: number) => void): Promise<SeededJobs> {
  const connect = () => connectRedis(redisUrl, { role: 'blocking', onError: console.error });
  await using opened = new AsyncDisposableStack();
  const connection = opened.adopt(connect(), (redis) => closeRedis(redis));
  const { jobs } = opened.use(openLedger({ redis: connection, subscriber: connect, namespace: 'vp' }));
  const endMs = Date.now();
  const waiting = Math.floor(count * waitingShare);
  const ended = count - waiting;
  const samples: VideoJob[] = [];
  const waitingSamples: VideoJob[] = [];
  let incidents = 0;
  for (let made = 0; made < count; made += atOnce) {
    const some = Array.from({ length: Math.min(atOnce, count - made) }, (_, index) =>
      made + index < ended
        ? endedJob(made + index, endMs - spreadMs + ((made + index) / ended) * spreadMs, endMs)
        : waitingJob(made + index, endMs - waitingSpreadMs + ((made + index - ended) / waiting) * waitingSpreadMs),
    );
    await Promise.all(some.map((job) => jobs.create(job, null)));
    incidents += some.filter(isOfIncident).length;
    const sample = some[(made / atOnce) % atOnce];
    const kept = made < ended ? samples : waitingSamples;
    if (sample !== undefined && kept.length < samplesMax) kept.push(sample);
    if (made % 20_000 === 0) report(made);
  }
  return { count, ofIncident: incidents, samples, waiting: waitingSamples };
}

function isOfIncident({ lifecycle }: VideoJob): boolean {
  return lifecycle.state === 'failed' && lifecycle.failure.code === incident.code;
}

function endedJob(number: number, atMs: number, endMs: number): VideoJob {
  const createdAtMs = Math.floor(atMs);
  const kind = (number * 7_919) % 1_000;
  const model = kind < ofIncident ? incident.model : modelOf(number);
  const lifecycle = lifecycleOf(number, kind, createdAtMs, endMs);
  return { ...requested(number, createdAtMs, 2_000), model, lifecycle };
}

function waitingJob(number: number, atMs: number): VideoJob {
  const queuedAtMs = Math.floor(atMs);
  return {
    ...requested(number, queuedAtMs, waitingOwners),
    model: modelOf(number),
    lifecycle: { state: 'queued', queuedAtMs, deferral: null },
  };
}

const modelOf = (number: number): string => models[number % models.length] ?? '';

/** Jobs are all different, and the same in every run but for their ids. */
function requested(number: number, createdAtMs: number, owners: number): Omit<VideoJob, 'model' | 'lifecycle'> {
  return {
    id: newVideoJobId(createdAtMs),
    owner: `client-${number % 40}/user-${number % owners}`,
    provider: 'aimlapi',
    prompt: promptOf(number),
    parameters: { duration: 8, resolution: '720p', aspect_ratio: '16:9' },
    metadata: { conversation: `c-${number % 9_000}` },
    watchSecret: '0INMDQkWMbFXvtmLh0SS9w',
    requestId: `req_seeded${String(number).padStart(10, '0')}`,
    createdAtMs,
    attempt: 1,
  };
}

function promptOf(number: number): string {
  const length = 20 + (number % 25);
  const chosen = Array.from({ length }, (_, place) => words[(number * 31 + place * place * 17) % words.length]);
  if (number % 10_000 === 5_000) chosen[3] = rareWord;
  return `${chosen.join(' ')}, take ${number}`;
}

function lifecycleOf(number: number, kind: number, createdAtMs: number, endMs: number): Lifecycle {
  const submittedAtMs = createdAtMs + 1_000;
  const endedAtMs = Math.min(submittedAtMs + 60_000 + (number % 240) * 1_000, endMs);
  const known = { submittedAtMs, generationId: `gen-${number}`, usage: { heldUsd: 1.26 + (number % 5) / 2 } };
  if (kind < ofIncident) {
    // All within one hour of yesterday, whenever they were created.
    const why = failure(incident.code, { evidence: evidence(number, 401, null) });
    const atMs = endMs - dayMs + (number % 3_600) * 1_000;
    return { state: 'failed', ...known, usage: null, generationId: null, failure: why, endedAtMs: atMs };
  }
  if (kind < ofIncident + ofFailures) {
    const [code, status, word, billed] = failures[number % failures.length] ?? [
      'internal_error',
      null,
      null,
      'unknown',
    ];
    const why = failure(code, { billed, evidence: evidence(number, status, word) });
    return { state: 'failed', ...known, failure: why, endedAtMs };
  }
  if (kind < ofIncident + ofFailures + ofCancelled) {
    return { state: 'cancelled', ...known, video: null, billed: 'no', endedAtMs };
  }
  const video = {
    storageKey: `seeded-${number}.mp4`,
    contentType: 'video/mp4',
    sizeBytes: 12_345_678,
    sha256: 'c9cd1bd8bed53e68d4e4e844257855c3a6d33420e712486806bef40ed9f45aed',
    durationSeconds: 8,
    width: 1280,
    height: 720,
  };
  return { state: 'completed', ...known, video, endedAtMs };
}

function evidence(number: number, statusCode: number | null, kind: string | null): ProviderEvidence {
  return {
    name: 'aimlapi',
    statusCode,
    requestId: `theirs-${number}`,
    path: '/v2/video/generations',
    timestamp: '2025-12-05T13:46:30.569Z',
    kind,
    message: 'What the provider said about it.',
    clientRequestId: null,
  };
}

if (import.meta.main) {
  const redisUrl = process.env['REDIS_URL'];
  if (redisUrl === undefined) throw new Error('Set REDIS_URL to a Redis that may be filled.');
  const count = Number(process.argv[2] ?? 200_000);
  console.log(await seedJobs(redisUrl, count, (made) => console.log(`${made} of ${count} …`)));
}
