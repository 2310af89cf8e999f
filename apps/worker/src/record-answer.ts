import { setTimeout as pause } from 'node:timers/promises';
import { clientRequestIdOf, generationIdOf, type Usage, type VideoJob, type VideoJobEvent } from '@video-proxy/core';
import type { WorkerParts } from './worker-parts.ts';

/** For longer than a restart of Redis takes. */
const triesMax = 60;
const pauseMs = 1_000;

type RecordParts = Pick<WorkerParts, 'ledger' | 'log' | 'now'>;

/** Lets something happen to the attempt that a step is about; what comes late about an earlier one changes nothing. */
export function applyTo(parts: Pick<WorkerParts, 'ledger' | 'now'>, job: VideoJob, event: VideoJobEvent) {
  return parts.ledger.jobs.apply(job.id, event, parts.now(), { attempt: job.attempt });
}

/**
 * Records what the provider answered to a create request. It is not known a second time, so a Redis that is away is waited
 * for: without the record a certain answer would become an uncertain one.
 */
export async function recordAnswer(parts: RecordParts, job: VideoJob, event: VideoJobEvent): Promise<VideoJob | null> {
  for (let tries = 1; ; tries += 1) {
    try {
      const applied = await applyTo(parts, job, event);
      return applied.kind === 'missing' ? null : applied.job;
    } catch (error) {
      const told = { ...namesOf(job), event: event.type, err: error };
      if (tries === 1) parts.log.error(told, 'an answer of the provider could not be recorded: trying again');
      if (tries === triesMax) throw error;
      await pause(pauseMs);
    }
  }
}

interface Acceptance {
  readonly generationId: string;
  readonly usage: Usage | null;
  readonly providerRequestId?: string;
}

/**
 * Records the generation id before anything else happens with it. While it is not in the ledger it stands in the log;
 * should this process die before Redis is back, the next one finds the generation in the provider's log by its client
 * request id.
 *
 * @returns the job that now follows it; null when there is none any more
 */
export async function recordAcceptance(
  parts: RecordParts & Pick<WorkerParts, 'unrecordedGenerations'>,
  job: VideoJob,
  { generationId, usage, providerRequestId }: Acceptance,
): Promise<VideoJob | null> {
  const told = { ...namesOf(job), generationId };
  try {
    const recorded = await recordAnswer(parts, job, {
      type: 'submit_accepted',
      generationId,
      usage,
      ...(providerRequestId === undefined ? {} : { providerRequestId }),
    });
    if (recorded !== null && generationIdOf(recorded.lifecycle) === generationId) return recorded;
    parts.unrecordedGenerations.increment();
    parts.log.fatal(told, 'an accepted generation belongs to no job any more: it runs at the provider');
    return null;
  } catch (error) {
    parts.unrecordedGenerations.increment();
    parts.log.fatal({ ...told, err: error }, 'an accepted generation could not be recorded: it runs at the provider');
    throw error;
  }
}

function namesOf(job: VideoJob) {
  return { jobId: job.id, requestId: job.requestId, clientRequestId: clientRequestIdOf(job) };
}
