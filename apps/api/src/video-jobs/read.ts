import { type PublicStatus, statesOf, type VideoJob } from '@video-proxy/core';
import type { Ledger, VideoJobPage } from '@video-proxy/ledger';
import { type Asker, mayAccess, type Orderer, ownerOf } from '../asker.ts';
import { isSameSecret } from '../same-secret.ts';
import type { VideoJobParts } from './parts.ts';

/** `video_` and a lower-case ULID; anything else cannot be one of ours and is not looked up. */
const videoJobId = /^video_[0-9a-hjkmnp-tv-z]{26}$/;
const ulidLength = 26;

type AnyJobParts = { readonly ledger: Pick<Ledger, 'jobs'> };

/** The job, whoever owns it, or null when there is none. */
export async function readAnyVideoJob({ ledger }: AnyJobParts, id: string): Promise<VideoJob | null> {
  return videoJobId.test(id) ? ledger.jobs.get(id) : null;
}

/** The job, or null when there is none or it is somebody else's: the two cannot be told apart from outside. */
export async function readVideoJob(
  parts: Pick<VideoJobParts, 'ledger'>,
  asker: Asker,
  id: string,
): Promise<VideoJob | null> {
  const job = await readAnyVideoJob(parts, id);
  return job !== null && mayAccess(asker, job) ? job : null;
}

/** The job an order is about. An operator may order about everybody's. */
export function readOrderedVideoJob(
  parts: Pick<VideoJobParts, 'ledger'>,
  orderer: Orderer,
  id: string,
): Promise<VideoJob | null> {
  return orderer.role === 'owner' ? readVideoJob(parts, orderer.asker, id) : readAnyVideoJob(parts, id);
}

/** The token of a watch link: who has it may see this one video, whoever they are. */
export function watchTokenOf(job: Pick<VideoJob, 'id' | 'watchSecret'>): string {
  return job.id.slice('video_'.length) + job.watchSecret;
}

export async function readWatchedVideoJob(parts: VideoJobParts, token: string): Promise<VideoJob | null> {
  const id = `video_${token.slice(0, ulidLength)}`;
  if (!videoJobId.test(id)) return null;
  const job = await parts.ledger.jobs.get(id);
  return job !== null && isSameSecret(token.slice(ulidLength), job.watchSecret) ? job : null;
}

export interface VideoJobListQuery {
  readonly status?: PublicStatus | undefined;
  /** An id or alias of the catalog, or the id of a model that has left it. */
  readonly model?: string | undefined;
  readonly limit: number;
  /** By creation; newest first when nothing is said. */
  readonly order?: 'newest' | 'oldest';
  /** The last id of the page before. */
  readonly after?: string | undefined;
}

export async function listVideoJobs(
  { ledger, catalog }: VideoJobParts,
  asker: Asker,
  { status, model, limit, order = 'newest', after }: VideoJobListQuery,
): Promise<VideoJobPage> {
  return ledger.jobs.list({
    owner: ownerOf(asker),
    ...(status === undefined ? {} : { states: statesOf(status) }),
    ...(model === undefined ? {} : { model: catalog.find(model)?.id ?? model }),
    limit,
    order,
    ...(after === undefined ? {} : { after }),
  });
}
