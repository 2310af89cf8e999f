import { discardFiles } from '@video-proxy/artifacts';
import type { StepPayloads } from '@video-proxy/contracts';
import {
  backoffDelayMs,
  type FetchOutcome,
  type Found,
  failure,
  followedOf,
  StorageUnavailableError,
  type StoredVideo,
  type Storing,
  said,
  storageKeysOf,
  storedVideoOf,
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
type StoreOutcome = FetchOutcome | (Found & { readonly kind: 'unasked' });

/** Brings the finished file to our storage, verified; only then is a job completed. */
export function storeStep(parts: WorkerParts): StepHandler<StoreStep> {
  return async (step, { signal }) => {
    const job = await jobOfStep(parts, step);
    if (job === null) return done;
    const now = followedOf(job.lifecycle);
    if (now.state !== 'storing') return done;
    // What could not be kept a moment ago is not downloaded again before there is room.
    const trouble = step.trouble?.kind === 'no_storage' ? await whyNotKept(parts) : null;
    const outcome =
      trouble === null ? await fetchFile(parts, job, now, signal) : ({ kind: 'no_storage', ...trouble } as const);
    return settle(parts, job, step, outcome);
  };
}

async function whyNotKept({ storage }: Pick<WorkerParts, 'storage'>): Promise<Found | null> {
  try {
    await storage.check();
    return null;
  } catch (error) {
    if (error instanceof StorageUnavailableError) return { finding: error.finding, said: error.said };
    throw error;
  }
}

const notRenewed: Found = {
  finding: 'the link has expired, and the provider could not be asked for a fresh one',
  said: said('download_not_renewed'),
};

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
    return { kind: 'unasked', ...notRenewed };
  }
  if (again.kind !== 'succeeded') return outcome;
  return parts.fetcher.fetch({ jobId, attempt, url: again.sourceUrl }, signal);
}

async function settle(parts: WorkerParts, job: VideoJob, step: StoreStep, outcome: StoreOutcome): Promise<StepOutcome> {
  if (outcome.kind === 'stored') return keep(parts, job, outcome.video);
  if (outcome.kind === 'invalid') {
    return fail(parts, job, { type: 'artifact_failed', failure: failure('artifact_invalid') }, outcome);
  }
  const trouble = countTrouble(step, outcome.kind);
  if (outcome.kind === 'no_storage') return waitForRoom(parts, job, outcome, trouble);
  if (isGivenUp(parts, job, trouble)) {
    return fail(parts, job, { type: 'artifact_failed', failure: failure('artifact_unavailable') }, outcome);
  }
  if (trouble.count === 1) writeObservation(parts.log, job, 'download_trouble', { finding: outcome.finding });
  return { kind: 'snooze', delayMs: backoffDelayMs(trouble.count - 1, null), trouble };
}

/** The provider's link may die meanwhile, but a job is not failed for our disk: then a fresh link is asked for. */
async function waitForRoom(
  parts: WorkerParts,
  job: VideoJob,
  { finding, said: what }: Found,
  trouble: NonNullable<StoreStep['trouble']>,
): Promise<StepOutcome> {
  if (trouble.count === 1) {
    writeObservation(parts.log, job, 'storage_unavailable', { finding });
    await parts.ledger.jobs.note(job.id, {
      type: 'storage_unavailable',
      atMs: parts.now(),
      details: { finding, said: what },
    });
  }
  return { kind: 'snooze', delayMs: backoffDelayMs(trouble.count - 1, null, storagePauseMaxMs), trouble };
}

/**
 * Two steps of one job can fetch at once (one that was stopped for long). When the other was faster and its job has failed,
 * been deleted or retried since, this one has just put a file where nobody would ever look.
 */
async function keep(parts: WorkerParts, job: VideoJob, video: StoredVideo): Promise<StepOutcome> {
  const applied = await applyTo(parts, job, { type: 'artifact_stored', video });
  const kept = applied.kind === 'missing' ? null : storedVideoOf(applied.job.lifecycle);
  if (kept?.storageKey !== video.storageKey) {
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
  { finding, said: what, keptAs }: Found & { readonly keptAs?: string },
): Promise<StepOutcome> {
  const kept = keptAs === undefined ? {} : { keptAs };
  writeObservation(parts.log, job, 'artifact_finding', { finding, ...kept });
  await parts.ledger.jobs.note(job.id, {
    type: 'artifact_finding',
    atMs: parts.now(),
    details: { finding, said: what, ...kept },
  });
  await applyTo(parts, job, event);
  return done;
}
