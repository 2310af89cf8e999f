import { type JobStepName, type StepName, type StepPayloads, stepCatalog } from '@video-proxy/contracts';
import type { Cluster, Redis } from 'ioredis';

export type RedisConnection = Redis | Cluster;

export const stepNames = Object.keys(stepCatalog) as StepName[];
export const jobStepNames = stepNames.filter((step): step is JobStepName => step !== 'notify');

/** Nobody reads BullMQ's own event streams: they are kept as short as it allows (one block of 100 entries). */
export const eventsMax = 100;

/** BullMQ's keys share the hash tag of the ledger: one slot in a Cluster, one family of keys to look at. */
export function prefixOf(namespace: string): string {
  return `{${namespace}}`;
}

/**
 * The id of a step within its queue. The same step of the same attempt always has the same id, so that adding it again
 * while it waits or runs does nothing. The first attempt goes without a number: BullMQ repeats the id inside the options of
 * a step, and up to 64 bytes of options keep the whole step in Redis' compact form (0.4 KB less a step, measured).
 */
export function stepIdOf(payload: StepPayloads[StepName]): string {
  if ('deliveryId' in payload) return payload.deliveryId;
  const { jobId, attempt } = payload;
  const ulid = jobId.slice(jobId.indexOf('_') + 1);
  return attempt === 1 ? ulid : `${ulid}.${attempt}`;
}

/** BullMQ keeps the time of a delayed step in the upper bits of its score, and its place among those of one time below. */
const scoresPerMs = 0x1000;

/** When a delayed step is due. */
export function dueMsOf(score: string): number {
  return Math.floor(Number(score) / scoresPerMs);
}
