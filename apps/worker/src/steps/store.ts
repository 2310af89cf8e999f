import { discardFiles } from '@video-proxy/artifacts';
import type { StepPayloads } from '@video-proxy/contracts';
import {
  backoffDelayMs,
  type FetchOutcome,
  failure,
  followedOf,
  StorageUnavailableError,
  type StoredVideo,
  type Storing,
  storageKeysOf,
  type VideoJob,
  type VideoJobEvent,
} from '@video-proxy/core';
import type { StepHandler, StepOutcome } from '@video-proxy/queue';
import { writeObservation } from '@video-proxy/telemetry';
import { applyTo } from '../record-answer.ts';
import { countTrouble, jobOfStep, type WorkerParts } from '../worker-parts.ts';

type StoreStep = StepPayloads['store'];

const done: StepOutcome = { kind: 'done' };
/** Links live for ten minutes at the least (recorded): about that long a broken download is worth another try. */
const unavailableMax = 12;
/** A dead link that the provider does not renew stays dead. */
const goneMax = 3;
const storagePauseMaxMs = 30_000;
/** No link lives longer (recorded). It bounds trouble that changes its kind, and a provider that cannot be asked. */
const givenUpAfterMs = 24 * 3_600_000;

/** `unasked`: the link has expired, and the provider could not be asked for a fresh one. That says nothing about the file. */
type StoreOutcome = FetchOutcome | { readonly kind: 'unasked'; readonly finding: string };

/** Brings the finished file to our storage, verified; only then is a job completed. */
export function storeStep(parts: WorkerParts): StepHandler<StoreStep> {
  return async (step, { signal }) => {
    const job = await jobOfStep(parts, step);
    if (job === null) return done;
    const now = followedOf(job.lifecycle);
    if (now.state !== 'storing') return done;
    // What could not be kept a moment ago is not downloaded again before there is room.
    const finding = step.trouble?.kind === 'no_storage' ? await whyNotKept(parts) : null;
    const outcome =
      finding === null ? await fetchFile(parts, job, now, signal) : ({ kind: 'no_storage', finding } as const);
    return settle(parts, job, step, outcome);
  };
}

async function whyNotKept({ storage }: Pick<WorkerParts, 'storage'>): Promise<string | null> {
  try {
    await storage.check();
    return null;
  } catch (error) {
    if (error instanceof StorageUnavailableError) return error.finding;
    throw error;
  }
}

/** A link that has expired is asked for once more: a new poll may sign it again. */
async function fetchFile(
  parts: WorkerParts,
  job: VideoJob,
  storing: Storing,
  signal: AbortSignal,
): Promise<StoreOutcome> {
  const { id: jobId, attempt } = job;
  const outcome = await parts.fetcher.fetch({ jobId, attempt, url: storing.sourceUrl }, signal);
  if (outcome.kind !== 'gone') return outcome;
  const again = await parts.provider.poll(storing.generationId, signal);
  if (again.kind === 'refused') await parts.account.refused(again.failure);
  if (again.kind === 'unavailable' || again.kind === 'refused') {
    return { kind: 'unasked', finding: 'the link has expired, and the provider could not be asked for a fresh one' };
  }
  if (again.kind !== 'succeeded') return outcome;
  return parts.fetcher.fetch({ jobId, attempt, url: again.sourceUrl }, signal);
}

async function settle(parts: WorkerParts, job: VideoJob, step: StoreStep, outcome: StoreOutcome): Promise<StepOutcome> {
  if (outcome.kind === 'stored') return keep(parts, job, outcome.video);
  const { finding } = outcome;
  if (outcome.kind === 'invalid') {
    return fail(parts, job, { type: 'artifact_failed', failure: failure('artifact_invalid') }, finding);
  }
  const trouble = countTrouble(step, outcome.kind);
  if (outcome.kind === 'no_storage') return waitForRoom(parts, job, finding, trouble);
  if (isGivenUp(parts, job, trouble)) {
    return fail(parts, job, { type: 'artifact_failed', failure: failure('artifact_unavailable') }, finding);
  }
  if (trouble.count === 1) writeObservation(parts.log, job, 'download_trouble', { finding });
  return { kind: 'snooze', delayMs: backoffDelayMs(trouble.count - 1, null), trouble };
}

/** The provider's link may die meanwhile, but a job is not failed for our disk: then a fresh link is asked for. */
async function waitForRoom(
  parts: WorkerParts,
  job: VideoJob,
  finding: string,
  trouble: NonNullable<StoreStep['trouble']>,
): Promise<StepOutcome> {
  if (trouble.count === 1) {
    writeObservation(parts.log, job, 'storage_unavailable', { finding });
    await parts.ledger.jobs.note(job.id, { type: 'storage_unavailable', atMs: parts.now(), details: { finding } });
  }
  return { kind: 'snooze', delayMs: backoffDelayMs(trouble.count - 1, null, storagePauseMaxMs), trouble };
}

/**
 * Two steps of one job can fetch at once (one that was stopped for long). When the other was faster and its job has been deleted
 * or retried since, this one has just put a file where nobody would ever look.
 */
async function keep(parts: WorkerParts, job: VideoJob, video: StoredVideo): Promise<StepOutcome> {
  const applied = await applyTo(parts, job, { type: 'artifact_stored', video });
  const isOver = applied.kind === 'missing' || applied.job.attempt !== job.attempt;
  if (isOver) {
    await discardFiles({ storage: parts.storage, leftFiles: parts.ledger.leftFiles }, storageKeysOf(video));
  }
  return done;
}

function isGivenUp(
  { now }: Pick<WorkerParts, 'now'>,
  { lifecycle }: VideoJob,
  { kind, count }: NonNullable<StoreStep['trouble']>,
): boolean {
  const storing = followedOf(lifecycle);
  if (storing.state === 'storing' && now() - storing.generatedAtMs >= givenUpAfterMs) return true;
  if (kind === 'unasked') return false;
  return count >= (kind === 'gone' ? goneMax : unavailableMax);
}

async function fail(
  parts: WorkerParts,
  job: VideoJob,
  event: Extract<VideoJobEvent, { type: 'artifact_failed' }>,
  finding: string,
): Promise<StepOutcome> {
  writeObservation(parts.log, job, 'artifact_finding', { finding });
  await parts.ledger.jobs.note(job.id, { type: 'artifact_finding', atMs: parts.now(), details: { finding } });
  await applyTo(parts, job, event);
  return done;
}
