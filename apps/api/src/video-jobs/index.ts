/**
 * The one place all surfaces call. A surface only translates its dialect; to whom a job belongs, what is checked before it
 * is taken in and which orders are refused is decided here, with the rules of core and the ledger as the one truth.
 */
import type { Delivery, VideoJob } from '@video-proxy/core';
import type { DeliveryPage } from '@video-proxy/ledger';
import type { Asker, Orderer } from '../asker.ts';
import { cancelVideoJob, deleteVideoJob, recheckVideoJob, retryVideoJob } from './change.ts';
import {
  type CreateContext,
  type CreateOutcome,
  createVideoJob,
  findCreatedVideoJob,
  type NewVideoJob,
} from './create.ts';
import { resendDelivery } from './deliveries.ts';
import { type Followed, type Following, followVideoJob } from './follow.ts';
import { type Inspection, inspectVideoJob } from './inspect.ts';
import type { ChangeOutcome, VideoJobParts } from './parts.ts';
import { listVideoJobs, readAnyVideoJob, readVideoJob, readWatchedVideoJob, type VideoJobListQuery } from './read.ts';
import { type FoundJobs, type JobSearch, searchVideoJobs } from './search.ts';
import { type Waiting, waitForEnd } from './wait.ts';

export type { CreateContext, CreateOutcome, NewVideoJob } from './create.ts';
export type { Followed } from './follow.ts';
export type { InspectedFile, Inspection } from './inspect.ts';
export type { ChangeOutcome, VideoJobParts } from './parts.ts';
export { watchTokenOf } from './read.ts';
export { unknownModel } from './unknown-model.ts';

export interface VideoJobs {
  create(wanted: NewVideoJob, context: CreateContext): Promise<CreateOutcome>;
  /** What `create` would replay. */
  findCreated(wanted: NewVideoJob, context: CreateContext): Promise<VideoJob | null>;
  get(asker: Asker, id: string): Promise<VideoJob | null>;
  getWatched(token: string): Promise<VideoJob | null>;
  wait(asker: Asker, id: string, waiting: Waiting): Promise<VideoJob | null>;
  list(asker: Asker, query: VideoJobListQuery): ReturnType<typeof listVideoJobs>;
  cancel(orderer: Orderer, id: string): Promise<ChangeOutcome>;
  retry(orderer: Orderer, id: string, consent: { readonly confirmCost: boolean }): Promise<ChangeOutcome>;
  recheck(orderer: Orderer, id: string): Promise<ChangeOutcome>;
  delete(orderer: Orderer, id: string): Promise<ChangeOutcome>;
  /** The webhooks that told of a job's ends; null when there is no such job for this asker. */
  deliveries(asker: Asker, id: string): Promise<readonly Delivery[] | null>;
  /** Tries a delivery of this asker's job once more; null when there is none. */
  resend(asker: Asker, id: string, deliveryId: string): Promise<Delivery | null>;
  /** Everybody's deliveries, newest first: for operators. */
  deliveryLog(page: Parameters<VideoJobParts['ledger']['deliveries']['list']>[0]): Promise<DeliveryPage>;
  findDelivery(deliveryId: string): Promise<Delivery | null>;
  /** The same as `resend` of anybody's: for operators. */
  resendAny(deliveryId: string): Promise<Delivery | null>;
  /** Anybody's job: for operators. */
  find(id: string): Promise<VideoJob | null>;
  search(search: JobSearch): Promise<FoundJobs>;
  /** Everything that is written down about anybody's job: for operators. */
  inspect(id: string): Promise<Inspection | null>;
  /** Of a job the caller has already been allowed to see. */
  follow(id: string, following: Following): AsyncGenerator<Followed>;
}

export function openVideoJobs(parts: VideoJobParts): VideoJobs {
  return {
    create: (wanted, context) => createVideoJob(parts, wanted, context),
    findCreated: (wanted, context) => findCreatedVideoJob(parts, wanted, context),
    get: (asker, id) => readVideoJob(parts, asker, id),
    getWatched: (token) => readWatchedVideoJob(parts, token),
    wait: (asker, id, waiting) => waitForEnd(parts, asker, id, waiting),
    list: (asker, query) => listVideoJobs(parts, asker, query),
    cancel: (orderer, id) => cancelVideoJob(parts, orderer, id),
    retry: (orderer, id, consent) => retryVideoJob(parts, orderer, id, consent),
    recheck: (orderer, id) => recheckVideoJob(parts, orderer, id),
    delete: (orderer, id) => deleteVideoJob(parts, orderer, id),
    async deliveries(asker, id) {
      const job = await readVideoJob(parts, asker, id);
      return job === null ? null : parts.ledger.deliveries.ofJob(job.id);
    },
    async resend(asker, id, deliveryId) {
      const job = await readVideoJob(parts, asker, id);
      const delivery = await parts.ledger.deliveries.get(deliveryId);
      return job === null || delivery?.jobId !== job.id ? null : resendDelivery(parts, deliveryId);
    },
    deliveryLog: (page) => parts.ledger.deliveries.list(page),
    findDelivery: (deliveryId) => parts.ledger.deliveries.get(deliveryId),
    resendAny: (deliveryId) => resendDelivery(parts, deliveryId),
    find: (id) => readAnyVideoJob(parts, id),
    search: (search) => searchVideoJobs(parts, search),
    inspect: (id) => inspectVideoJob(parts, id),
    follow: (id, following) => followVideoJob(parts, id, following),
  };
}
