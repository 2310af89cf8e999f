import { ulid } from 'ulid';
import {
  type BulkCounts,
  type BulkOrder,
  type BulkPlan,
  type BulkProblem,
  type BulkRun,
  readRun,
  readSeen,
  type SeenJob,
  type StoredRun,
  writeSeen,
} from './bulk-run.ts';
import type { LedgerTools } from './scripts.ts';

/**
 * Actions on many jobs. The jobs are a list that is made once, with the attempt each was seen in; a run is carried out slice
 * by slice by whoever is at work, and goes on where it was when that process dies.
 */
export interface BulkRuns {
  /** Keeps a preview for a while. */
  plan(plan: BulkPlan, jobs: readonly SeenJob[], nowMs: number): Promise<BulkRun>;
  /** @returns false when the preview is gone, or has been started before */
  start(id: string, order: BulkOrder): Promise<boolean>;
  get(id: string): Promise<BulkRun | null>;
  problems(id: string): Promise<BulkProblem[]>;
  /** Newest first. */
  list(limit: number): Promise<BulkRun[]>;
  /** The oldest run that is not finished. */
  next(): Promise<BulkRun | null>;
  slice(run: BulkRun, count: number): Promise<SeenJob[]>;
  /** @returns the state after it; '' when another process has noted the same slice */
  advance(
    run: BulkRun,
    cursor: number,
    counts: BulkCounts,
    problems: readonly BulkProblem[],
    nowMs: number,
  ): Promise<BulkRun['state'] | ''>;
  stop(id: string, nowMs: number): Promise<boolean>;
}

const idShape = /^bulk_[0-7][0-9a-hjkmnp-tv-z]{25}$/;
const previewSeconds = 15 * 60;
const runSeconds = 30 * 24 * 3_600;
const runsMax = 200;
const problemsMax = 100;
const firstJobsMax = 100;
/** One command stays well below a millisecond. */
const jobsPerWrite = 1_000;

export function bulkRuns({ redis, scripts, keys }: LedgerTools): BulkRuns {
  async function get(id: string): Promise<BulkRun | null> {
    if (!idShape.test(id)) return null;
    const fields: StoredRun = await redis.hgetall(keys.bulk(id));
    return fields.plan === undefined ? null : readRun(id, fields);
  }

  async function keepJobs(key: string, jobs: readonly SeenJob[]): Promise<void> {
    for (let at = 0; at < jobs.length; at += jobsPerWrite) {
      const some = jobs.slice(at, at + jobsPerWrite).map(writeSeen);
      // Cut to what it has to be: the connection repeats a command whose answer got lost.
      const written = redis
        .multi()
        .rpush(key, ...some)
        .ltrim(key, 0, at + some.length - 1);
      await written.expire(key, previewSeconds).exec();
    }
  }

  return {
    async plan(plan, jobs, nowMs) {
      const id = `bulk_${ulid(nowMs).toLowerCase()}`;
      const fields = {
        plan: JSON.stringify(plan),
        state: 'preview',
        total: String(jobs.length),
        cursor: '0',
        done: '0',
        failed: '0',
        skipped: '0',
        first: JSON.stringify(jobs.slice(0, firstJobsMax).map((job) => job.id)),
        expiresAtMs: String(nowMs + previewSeconds * 1_000),
      };
      await keepJobs(keys.bulkJobs(id), jobs);
      await redis.multi().hset(keys.bulk(id), fields).expire(keys.bulk(id), previewSeconds).exec();
      return readRun(id, fields);
    },

    async start(id, order) {
      if (!idShape.test(id)) return false;
      const places = [keys.bulk(id), keys.bulkJobs(id), keys.bulkWaiting, keys.bulkRuns];
      return (await scripts.bulkStart(places, [id, JSON.stringify(order), runsMax])) === 1;
    },

    get,

    async problems(id) {
      if (!idShape.test(id)) return [];
      return (await redis.lrange(keys.bulkProblems(id), 0, -1)).map((text) => JSON.parse(text) as BulkProblem);
    },

    async list(limit) {
      const ids = await redis.zrevrangebylex(keys.bulkRuns, '+', '-', 'LIMIT', 0, limit);
      return (await Promise.all(ids.map(get))).filter((run) => run !== null);
    },

    async next() {
      const [id] = await redis.zrange(keys.bulkWaiting, 0, '0');
      if (id === undefined) return null;
      const run = await get(id);
      // Somebody removed its record by hand.
      if (run === null) await redis.zrem(keys.bulkWaiting, id);
      return run;
    },

    async slice({ id, cursor }, count) {
      return (await redis.lrange(keys.bulkJobs(id), cursor, `${cursor + count - 1}`)).map(readSeen);
    },

    advance: (run, cursor, { done, failed, skipped }, problems, nowMs) =>
      scripts.bulkAdvance(
        [keys.bulk(run.id), keys.bulkJobs(run.id), keys.bulkProblems(run.id), keys.bulkWaiting],
        [
          run.id,
          run.cursor,
          cursor,
          done,
          failed,
          skipped,
          nowMs,
          runSeconds,
          problemsMax,
          ...problems.map((problem) => JSON.stringify(problem)),
        ],
      ),

    async stop(id, nowMs) {
      if (!idShape.test(id)) return false;
      return (
        (await scripts.bulkStop([keys.bulk(id), keys.bulkJobs(id), keys.bulkWaiting], [id, nowMs, runSeconds])) === 1
      );
    },
  };
}
