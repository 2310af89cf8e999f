import { setTimeout as pause } from 'node:timers/promises';
import { clientRequestIdOf, type Usage, type VideoJob } from '@video-proxy/core';
import type { WorkerParts } from './worker-parts.ts';

/** From here on the generation costs money, so the write is tried for longer than a restart of Redis takes. */
const triesMax = 60;
const pauseMs = 1_000;

/**
 * Saves the generation id before anything else happens with it. While Redis cannot take it, the id stands in the log;
 * should this process die before Redis is back, the next one finds the generation in the provider's log by its client
 * request id.
 */
export async function saveAcceptance(
  parts: Pick<WorkerParts, 'ledger' | 'log' | 'now'>,
  job: VideoJob,
  { generationId, usage }: { readonly generationId: string; readonly usage: Usage | null },
): Promise<void> {
  const told = { jobId: job.id, requestId: job.requestId, generationId, clientRequestId: clientRequestIdOf(job) };
  for (let tries = 1; ; tries += 1) {
    try {
      await parts.ledger.jobs.apply(job.id, { type: 'submit_accepted', generationId, usage }, parts.now());
      if (tries > 1) parts.log.info(told, 'the accepted generation is saved after all');
      return;
    } catch (error) {
      if (tries === 1)
        parts.log.fatal({ ...told, err: error }, 'an accepted generation could not be saved: trying again');
      if (tries === triesMax) throw error;
      await pause(pauseMs);
    }
  }
}
