import type { VideoJob } from '@video-proxy/core';
import type { RecordedEvent } from '@video-proxy/ledger';
import type { VideoJobParts } from './parts.ts';
import { readAnyVideoJob } from './read.ts';

export interface Inspection {
  readonly job: VideoJob;
  readonly events: readonly RecordedEvent[];
}

/** More lines than a history keeps. */
const eventsMax = 1_000;

export async function inspectVideoJob(parts: Pick<VideoJobParts, 'ledger'>, id: string): Promise<Inspection | null> {
  const job = await readAnyVideoJob(parts, id);
  return job === null ? null : { job, events: await parts.ledger.jobs.events(id, { limit: eventsMax }) };
}
