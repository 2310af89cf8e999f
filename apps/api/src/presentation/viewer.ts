import type { VideoJobWire } from '@video-proxy/contracts';
import {
  type CredentialRecord,
  followedOf,
  type JsonObject,
  type LearntTimes,
  noHolds,
  progressOf,
  type StandingHolds,
  type VideoJob,
} from '@video-proxy/core';
import { recent } from '../recent.ts';
import { presentVideoJob } from './video-job.ts';

export interface ViewerParts {
  readonly readCredential: () => Promise<CredentialRecord | null>;
  readonly readHolds: () => Promise<StandingHolds>;
  readonly readQueuePosition: (job: Pick<VideoJob, 'id' | 'owner'>) => Promise<number | null>;
  readonly readLearntTimes: (job: VideoJob) => Promise<LearntTimes | null>;
  /** What the provider's documentation says, or other models suggest. */
  readonly expectedSecondsOf: (model: string, parameters: JsonObject) => number;
  readonly retentionMs: number;
  readonly holdMaxMs: number;
  readonly now: () => number;
}

export interface Viewer {
  present(job: VideoJob, baseUrl: string): Promise<VideoJobWire>;
  /** Without its place in the queue, which would cost a create another command and has changed before it is read. */
  presentNew(job: VideoJob, baseUrl: string): Promise<VideoJobWire>;
  /** By the documented time alone: what is learnt meanwhile moves the estimate, and some clients take a fall for an error. */
  steadyProgress(job: VideoJob): number;
}

/** A hold and a place in the queue are at most this old when they are shown. */
const freshMs = 1_000;
const positionsMax = 10_000;
/** What the sandbox documents: 3 to 8 seconds, whatever the model. */
const sandboxMs = 5_000;

/**
 * Presents jobs with what surrounds them. Only a job that waits or is being made needs more than its own record, and what it
 * needs is kept for a second or more, so that asking for a status stays one round trip to Redis however often it is asked for.
 */
export function openViewer(parts: ViewerParts): Viewer {
  const { now } = parts;
  const credential = recent(parts.readCredential, { maxAgeMs: freshMs }, now);
  const holds = recent(parts.readHolds, { maxAgeMs: freshMs }, now);
  const positions = new Map<string, () => Promise<number | null>>();

  function queuePosition(job: VideoJob): Promise<number | null> {
    const known = positions.get(job.id);
    if (known !== undefined) return known();
    if (positions.size >= positionsMax) positions.clear();
    const position = recent(() => parts.readQueuePosition(job), { maxAgeMs: freshMs }, now);
    positions.set(job.id, position);
    return position();
  }

  function documentedMs({ provider, model, parameters }: VideoJob): number {
    return provider === 'sandbox' ? sandboxMs : parts.expectedSecondsOf(model, parameters) * 1_000;
  }

  async function present(job: VideoJob, baseUrl: string, place: () => Promise<number | null>): Promise<VideoJobWire> {
    const isQueued = job.lifecycle.state === 'queued';
    const [account, standing, position] = isQueued
      ? await Promise.all([credential(), holds(), place()])
      : [null, noHolds, null];
    const isBeingMade = followedOf(job.lifecycle).state === 'generating';
    const learnt = isBeingMade ? await parts.readLearntTimes(job) : null;
    return presentVideoJob(job, {
      nowMs: now(),
      baseUrl,
      credential: account,
      holds: standing,
      queuePosition: position,
      learnt,
      expectedMs: learnt?.p50Ms ?? documentedMs(job),
      retentionMs: parts.retentionMs,
      holdMaxMs: parts.holdMaxMs,
    });
  }

  return {
    present: (job, baseUrl) => present(job, baseUrl, () => queuePosition(job)),
    presentNew: (job, baseUrl) => present(job, baseUrl, async () => null),
    steadyProgress: (job) => progressOf(job.lifecycle, documentedMs(job), now()),
  };
}
