import { hash } from 'node:crypto';
import { type Delivery, type ReceiverNews, turnedOff } from '@video-proxy/core';
import type { LedgerTools } from './scripts.ts';
import { jobIdOf, ownUlidOf, ulidOf } from './video-job-id.ts';

/** An ended job whose webhook has not been prepared yet. */
export interface UnannouncedEnd {
  readonly jobId: string;
  readonly endedAtMs: number;
}

/** Since when a receiver of webhooks takes nothing, and since when it is not called any more. */
export interface ReceiverRecord {
  readonly failingSinceMs: number | null;
  readonly offSinceMs: number | null;
}

export interface DeliveryPage {
  readonly deliveries: readonly Delivery[];
  readonly hasMore: boolean;
}

export type DeliveryChange =
  | { readonly kind: 'written'; readonly delivery: Delivery; readonly receiverTurnedOff: boolean }
  /** It is gone, or what became of it meanwhile left nothing to write. */
  | { readonly kind: 'unchanged' };

/** `due`: it is to be tried now; `off`: not at all, because its receiver is off; `known`: this end was announced before. */
export type Announcement = 'due' | 'off' | 'known';
const announcements = ['known', 'due', 'off'] as const;

/**
 * The log of webhook deliveries. A job that ends is put into the outbox by the very write that ends it, so that no crash
 * loses its webhook; from there it comes into this log, once for each end.
 */
export interface Deliveries {
  /** Oldest first. */
  unannounced(limit: number): Promise<readonly UnannouncedEnd[]>;
  /** Takes an end out of the outbox that nobody wants to be told of any more. */
  dropUnannounced(end: UnannouncedEnd): Promise<void>;
  announce(delivery: Delivery, lifetimeMs: number): Promise<Announcement>;
  get(id: string): Promise<Delivery | null>;
  /** Oldest first. */
  ofJob(jobId: string): Promise<readonly Delivery[]>;
  /** Newest first. */
  list(page: { readonly limit: number; readonly after?: string }): Promise<DeliveryPage>;
  /** How many wait for a try, now or later. */
  pending(): Promise<number>;
  /** The ids of those whose next try should have been before a time, oldest first. */
  overdue(beforeMs: number, limit: number): Promise<readonly string[]>;
  /** Takes one out of those that wait for a try because its record has gone by itself. */
  dropDue(id: string): Promise<void>;
  /** Writes what `next` makes of a delivery; it is asked again whenever another writer was faster. */
  change(id: string, next: (delivery: Delivery) => NextDelivery | null, when: ChangeTimes): Promise<DeliveryChange>;
  receiverOf(delivery: Pick<Delivery, 'owner' | 'url'>): Promise<ReceiverRecord>;
  /** Takes those out of the lists that were made before a time; their records have gone by themselves. */
  forget(beforeMs: number): Promise<void>;
}

export interface NextDelivery {
  readonly delivery: Delivery;
  readonly news?: ReceiverNews;
}

export interface ChangeTimes {
  readonly nowMs: number;
  /** How long a failing receiver is remembered without anything new about it. */
  readonly lifetimeMs: number;
}

const racesMax = 100;

export function deliveries(tools: LedgerTools): Deliveries {
  const { redis, scripts, keys } = tools;

  const read = async (ids: readonly string[]): Promise<Delivery[]> => {
    const texts = await Promise.all(ids.map((id) => redis.get(keys.delivery(id))));
    return texts.filter((text) => text !== null).map((text) => JSON.parse(text) as Delivery);
  };

  const receiverKey = ({ owner, url }: Pick<Delivery, 'owner' | 'url'>) => keys.receiver(receiverHash(owner, url));

  const dropDue = async (id: string): Promise<void> => {
    await redis.zrem(keys.deliveriesDue, id);
  };

  return {
    async unannounced(limit) {
      const found = await redis.zrange(keys.outbox, '0', String(limit - 1), 'WITHSCORES');
      return pairsOf(found).map(([ulid, score]) => ({ jobId: jobIdOf(ulid), endedAtMs: Number(score) }));
    },

    async dropUnannounced({ jobId, endedAtMs }) {
      // Another end that came meanwhile has another score, and stays.
      const ulid = ownUlidOf(jobId);
      if (Number(await redis.zscore(keys.outbox, ulid)) === endedAtMs) await redis.zrem(keys.outbox, ulid);
    },

    async announce(delivery, lifetimeMs) {
      const ulid = ownUlidOf(delivery.jobId);
      const places = [
        keys.outbox,
        keys.delivery(delivery.id),
        keys.deliveriesOf(ulid),
        keys.deliveries,
        keys.deliveriesDue,
        receiverKey(delivery),
      ];
      const texts = [delivery, turnedOff(delivery)].map((one) => JSON.stringify(one));
      const { createdAtMs } = delivery;
      const args = [ulid, createdAtMs, delivery.id, ...texts, createdAtMs, Math.ceil(lifetimeMs / 1_000)];
      return announcements[await scripts.announce(places, args)];
    },

    async get(id) {
      return (await read([id]))[0] ?? null;
    },

    async ofJob(jobId) {
      const ulid = ulidOf(jobId);
      return ulid === null ? [] : read(await redis.zrange(keys.deliveriesOf(ulid), '0', '-1'));
    },

    async list({ limit, after }) {
      const before = after === undefined ? -1 : await redis.zrevrank(keys.deliveries, after);
      if (before === null) return { deliveries: [], hasMore: false };
      const ids = await redis.zrevrange(keys.deliveries, before + 1, before + 1 + limit);
      return { deliveries: await read(ids.slice(0, limit)), hasMore: ids.length > limit };
    },

    pending: () => redis.zcard(keys.deliveriesDue),

    overdue: (beforeMs, limit) => redis.zrangebyscore(keys.deliveriesDue, '-inf', beforeMs, 'LIMIT', 0, limit),

    dropDue,

    async change(id, next, { nowMs, lifetimeMs }) {
      for (let races = 0; races < racesMax; races += 1) {
        const text = await redis.get(keys.delivery(id));
        if (text === null) {
          await dropDue(id);
          return { kind: 'unchanged' };
        }
        const made = next(JSON.parse(text) as Delivery);
        if (made === null) return { kind: 'unchanged' };
        const { delivery, news = '' } = made;
        const written = await scripts.deliver(
          [keys.delivery(id), keys.deliveriesDue, receiverKey(delivery)],
          [
            text,
            JSON.stringify(delivery),
            id,
            delivery.nextTryAtMs ?? '',
            news,
            nowMs,
            delivery.failingSinceMs ?? nowMs,
            Math.ceil(lifetimeMs / 1_000),
          ],
        );
        if (written !== 0) return { kind: 'written', delivery, receiverTurnedOff: written === 2 };
      }
      throw new Error(`${racesMax} writers in a row were faster on the delivery ${id}`);
    },

    async receiverOf(delivery) {
      const { failing, off } = await redis.hgetall(receiverKey(delivery));
      return { failingSinceMs: numberOr(failing), offSinceMs: numberOr(off) };
    },

    async forget(beforeMs) {
      await redis.zremrangebyscore(keys.deliveries, '-inf', beforeMs);
    },
  };
}

/** An address belongs to a client: nobody can have somebody else's receiver turned off. */
function receiverHash(owner: string, url: string): string {
  const [client] = owner.split('/');
  return hash('sha256', JSON.stringify([client, url]), 'base64url').slice(0, 22);
}

function pairsOf(flat: readonly string[]): [member: string, score: string][] {
  return Array.from({ length: flat.length / 2 }, (_, index) => [flat[2 * index] ?? '', flat[2 * index + 1] ?? '']);
}

function numberOr(text: string | undefined): number | null {
  return text === undefined ? null : Number(text);
}
