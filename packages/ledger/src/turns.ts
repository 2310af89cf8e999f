import type { VideoJob } from '@video-proxy/core';
import { readStored } from './change-job.ts';
import { longestWait } from './longest-wait.ts';
import type { LedgerTools } from './scripts.ts';
import { readJob } from './stored-job.ts';
import { jobIdOf, ulidOf } from './video-job-id.ts';

export type Turn =
  /** This job is to be sent next. `another` is one of those that wait as well. */
  | { readonly kind: 'turn'; readonly job: VideoJob; readonly another: string | null }
  /** Jobs wait, and none of them may go now. */
  | { readonly kind: 'blocked' }
  | { readonly kind: 'empty' };

/** The jobs that wait, by owner. */
export interface Standing {
  readonly owners: number;
  readonly next: readonly {
    readonly owner: string;
    readonly waiting: number;
    readonly underway: number;
    readonly oldestSinceMs: number | null;
  }[];
}

export interface TurnRules {
  /** Models whose jobs may not be sent now. */
  readonly heldModels: readonly string[];
  /** How many jobs of one owner may be underway; null without a limit. */
  readonly ownerRunningMax: number | null;
}

/**
 * Whose job is sent next. Owners take turns, so that one with ten thousand jobs delays another one's first by a single
 * submission; the jobs of one owner go in their order.
 */
export interface Turns {
  /** Takes the next turn: for some seconds nobody else gets its job. */
  next(rules: TurnRules, nowMs: number): Promise<Turn>;
  /** What `next` would say, without taking anything. */
  peek(rules: TurnRules, nowMs: number): Promise<Turn['kind']>;
  /** Nobody gets this job before that time. */
  reserve(jobId: string, untilMs: number): Promise<void>;
  /** The job's place among all that wait, from 1; null when it does not wait, or too many owners do to tell. */
  positionOf(job: Pick<VideoJob, 'id' | 'owner'>): Promise<number | null>;
  /** Who waits, the owner with the next turn first. */
  standing(options: { ownersMax: number }): Promise<Standing>;
  /** How many owners wait, and since when the job that has waited longest; null when none waits. */
  waiting(): Promise<{ readonly owners: number; readonly oldestSinceMs: number | null }>;
  /** Places what a version without turns left waiting. @returns how many */
  adopt(): Promise<number>;
}

/** Long enough to write that the job is being sent; a worker that dies before that gives it back. */
const reservationMs = 5_000;
/**
 * What one look may cost, some milliseconds of Redis. Behind more jobs of held models an owner's others wait for them, and
 * behind more owners at their limit, or more such jobs, other owners do.
 */
const ownersMax = 2_000;
const jobsOfOwnerMax = 200;
const jobsMax = 10_000;
const countedOwnersMax = 1_000;
const adoptedAtOnce = 500;

export function turns(tools: LedgerTools): Turns {
  const { redis, scripts, keys } = tools;

  const look = ({ heldModels, ownerRunningMax }: TurnRules, nowMs: number, untilMs: number | '') =>
    scripts.nextTurn(
      [keys.turns, keys.round, keys.reserved],
      [nowMs, untilMs, ownerRunningMax ?? '', ownersMax, jobsOfOwnerMax, jobsMax, ...heldModels],
    );

  return {
    async next(rules, nowMs) {
      const [kind, ...rest] = await look(rules, nowMs, nowMs + reservationMs);
      if (kind !== 'turn') return { kind };
      const [ulid = '', document = '', another = ''] = rest;
      return { kind, job: readJob(ulid, document).job, another: another === '' ? null : jobIdOf(another) };
    },

    async peek(rules, nowMs) {
      return (await look(rules, nowMs, ''))[0];
    },

    async reserve(jobId, untilMs) {
      const ulid = ulidOf(jobId);
      if (ulid !== null) await redis.zadd(keys.reserved, untilMs, ulid);
    },

    async positionOf({ id, owner }) {
      const ulid = ulidOf(id);
      if (ulid === null) return null;
      const before = await scripts.position(
        [keys.turns, keys.waiting(owner), keys.round],
        [ulid, owner, countedOwnersMax],
      );
      return before === null ? null : before + 1;
    },

    standing: ({ ownersMax }) => standing(tools, ownersMax),

    async waiting() {
      const [owners, oldestSinceMs] = await Promise.all([redis.zcard(keys.turns), longestWait(tools)]);
      return { owners, oldestSinceMs };
    },

    async adopt() {
      const ulids = await redis.zrange(keys.waitingBefore, 0, `${adoptedAtOnce - 1}`);
      for (const ulid of ulids) await adoptOne(tools, ulid);
      return ulids.length;
    },
  };
}

async function standing({ redis, keys }: LedgerTools, ownersMax: number): Promise<Standing> {
  const [owners, first] = await Promise.all([redis.zcard(keys.turns), redis.zrange(keys.turns, 0, `${ownersMax - 1}`)]);
  const pipeline = redis.pipeline();
  for (const owner of first) {
    pipeline.zrange(keys.waiting(owner), 0, '0', 'WITHSCORES').zcard(keys.waiting(owner)).zcard(keys.underway(owner));
  }
  const replies = (await pipeline.exec()) ?? [];
  const next = first.map((owner, index) => {
    const [oldest, waiting, underway] = replies.slice(index * 3, index * 3 + 3).map(([error, reply]) => {
      if (error !== null) throw error;
      return reply;
    });
    const [, score] = oldest as [ulid?: string, score?: string];
    const oldestSinceMs = score === undefined ? null : Number(score);
    return { owner, waiting: Number(waiting), underway: Number(underway), oldestSinceMs };
  });
  return { owners, next };
}

async function adoptOne(tools: LedgerTools, ulid: string): Promise<void> {
  const { redis, scripts, keys } = tools;
  const job = (await readStored(tools, ulid))?.job;
  if (job?.lifecycle.state !== 'queued') {
    await redis.zrem(keys.waitingBefore, ulid);
    return;
  }
  const places = [keys.job(ulid), keys.waiting(job.owner), keys.waitingBefore];
  await scripts.placeWaiting(places, [ulid, job.lifecycle.queuedAtMs]);
}
