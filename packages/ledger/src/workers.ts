import type { ProviderName } from '@video-proxy/core';
import type { LedgerTools } from './scripts.ts';

/** What a worker process says about itself. */
export interface WorkerDescription {
  readonly id: string;
  readonly version: string;
  readonly role: string;
  readonly provider: ProviderName;
  readonly keyFingerprint: string | null;
  readonly startedAtMs: number;
  /** Accepted generations that could not be written into their job; absent from the beats of an earlier version. */
  readonly unrecordedGenerations?: number;
  /** The rest is absent from the beats of an earlier version, too. */
  readonly host?: string;
  readonly keySource?: KeySource;
  readonly stepsInHand?: Readonly<Record<string, number>>;
}

/** Where a worker has the key from that it sends: only a file can be read anew by a running process. */
export type KeySource = 'environment' | 'file' | 'sandbox';

export interface LiveWorker extends WorkerDescription {
  readonly lastBeatMs: number;
}

/** Which processes are at work. */
export interface WorkerRecords {
  /** To be called every few seconds: a worker that has been silent for 15 s is not live. */
  beat(worker: WorkerDescription, nowMs: number): Promise<void>;
  list(nowMs: number): Promise<LiveWorker[]>;
  /** A worker that ends in order says so. */
  gone(id: string): Promise<void>;
}

const silenceMaxMs = 15_000;

export function workerRecords({ redis, keys }: LedgerTools): WorkerRecords {
  return {
    async beat(worker, nowMs) {
      const live: LiveWorker = { ...worker, lastBeatMs: nowMs };
      await redis.hset(keys.workers, worker.id, JSON.stringify(live));
    },

    async list(nowMs) {
      const texts = await redis.hvals(keys.workers);
      const workers = texts.map((text) => JSON.parse(text) as LiveWorker);
      const silent = workers.filter((worker) => nowMs - worker.lastBeatMs > silenceMaxMs).map((worker) => worker.id);
      // Killed processes leave their entry behind; whoever looks clears it away.
      if (silent.length > 0) await redis.hdel(keys.workers, ...silent);
      return workers.filter((worker) => !silent.includes(worker.id)).sort((a, b) => a.startedAtMs - b.startedAtMs);
    },

    async gone(id) {
      await redis.hdel(keys.workers, id);
    },
  };
}
