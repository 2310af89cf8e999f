import { followedOf, generationIdOf, isLate, isTerminal, type Lifecycle, type VideoJob } from '@video-proxy/core';
import type { JobChange } from '../job-observer.ts';
import { phaseEndedBy } from '../phases.ts';
import type { Span } from './span.ts';
import { attemptIdOf, newSpanId, rootIdOf, traceIdOf } from './trace-ids.ts';

/** A job and which of its attempts. */
export interface Attempt {
  readonly jobId: string;
  readonly attempt: number;
}

/** What is the same for everything that happens for one attempt of a job. */
export function withinAttempt({ jobId, attempt }: Attempt): Pick<Span, 'traceId' | 'id' | 'parentId'> {
  return { traceId: traceIdOf(jobId), id: newSpanId(), parentId: attemptIdOf(jobId, attempt) };
}

type Transition = Pick<JobChange, 'previous' | 'job' | 'atMs'>;

/** What a change of a job has ended: a phase, or the job, or both. */
export function spansEndedBy(change: Transition): Span[] {
  return [phaseSpan(change), attemptSpan(change)].filter((span) => span !== null);
}

function phaseSpan({ previous, job, atMs }: Transition): Span | null {
  const attempt = attemptOf(previous);
  const ended = phaseEndedBy(previous.lifecycle, job.lifecycle);
  if (ended === null) return null;
  return {
    ...withinAttempt(attempt),
    name: ended.phase,
    kind: 'internal',
    beganAtMs: ended.sinceMs,
    endedAtMs: atMs,
    attributes: {
      ...namesOf(attempt),
      'video_proxy.job.state': job.lifecycle.state,
      'video_proxy.generation_id': generationIdOf(job.lifecycle),
    },
    error: errorOf(job.lifecycle),
  };
}

/**
 * From the creation of the job to the end of its attempt; a second attempt, too, so that whatever was done for it lies within.
 * A job that ends once more (a late video, a recheck) has told its end already.
 */
function attemptSpan({ previous, job, atMs }: Transition): Span | null {
  const { lifecycle } = job;
  if (!isTerminal(lifecycle.state) || isTerminal(previous.lifecycle.state) || hadEnded(previous.lifecycle)) return null;
  const evidence = lifecycle.state === 'failed' ? lifecycle.failure.evidence : null;
  return {
    traceId: traceIdOf(job.id),
    id: attemptIdOf(job.id, job.attempt),
    parentId: rootIdOf(job.id),
    name: 'video job',
    kind: 'internal',
    beganAtMs: job.createdAtMs,
    endedAtMs: atMs,
    attributes: {
      ...namesOf(attemptOf(job)),
      'video_proxy.job.state': lifecycle.state,
      'video_proxy.model': job.model,
      'video_proxy.provider': job.provider,
      'video_proxy.request_id': job.requestId,
      'video_proxy.generation_id': generationIdOf(lifecycle),
      'video_proxy.provider.request_id': evidence?.requestId,
      'video_proxy.provider.status_code': evidence?.statusCode,
    },
    error: errorOf(lifecycle),
  };
}

const attemptOf = ({ id, attempt }: VideoJob): Attempt => ({ jobId: id, attempt });

function hadEnded(lifecycle: Lifecycle): boolean {
  const now = followedOf(lifecycle);
  return isLate(now) || (now.state === 'generating' && now.endedBefore !== undefined);
}

export const namesOf = ({ jobId, attempt }: Attempt) => ({
  'video_proxy.job.id': jobId,
  'video_proxy.job.attempt': attempt,
});

/** A job that was put back failed to be sent, and one whose answer was lost failed to be answered. */
function errorOf(lifecycle: Lifecycle): string | null {
  switch (lifecycle.state) {
    case 'failed':
      return lifecycle.failure.code;
    case 'queued':
      return lifecycle.deferral?.code ?? null;
    case 'submission_unknown':
      return lifecycle.state;
    case 'submitting':
    case 'generating':
    case 'storing':
    case 'cancelling':
    case 'completed':
    case 'cancelled':
      return null;
  }
}
