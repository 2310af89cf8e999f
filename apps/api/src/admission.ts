import { setTimeout as pause } from 'node:timers/promises';
import { type AdmissionRefusal, admissionRefusal } from '@video-proxy/core';
import type { ServerLoad } from '@video-proxy/ledger';
import type { FastifyBaseLogger } from 'fastify';
import { type Problem, problem } from './problem.ts';

/** Whether new jobs can be taken in without putting the accepted ones at risk. */
export interface Admission extends AsyncDisposable {
  /** Why not; null when they can. Costs nothing: it is what was found about a second ago. */
  refusal(): AdmissionRefusal | null;
}

export interface AdmissionParts {
  readonly load: () => Promise<ServerLoad>;
  readonly waitingJobsMax: number;
  readonly isUnavailable: (error: unknown) => boolean;
  readonly now: () => number;
  readonly log: FastifyBaseLogger;
}

const lookIntervalMs = 1_000;
/** A read-only server is left and found again with each look, which disturbs the reads that it can still answer. */
const unwritableIntervalMs = 5_000;
/** Eviction goes in bursts: what was evicted just now goes on being so for this long. */
const evictionMemoryMs = 60_000;

/**
 * Looks at the job store in the background for as long as it is open. While the store is away there is no finding: the
 * request meets the outage itself.
 */
export function followAdmission({ load, waitingJobsMax, isUnavailable, now, log }: AdmissionParts): Admission {
  const stop = new AbortController();
  const hasEvicted = evictionWatch(now);
  let found: AdmissionRefusal | null = null;
  let failing = false;

  /** @returns when to look again */
  async function look(): Promise<number> {
    try {
      const carried = await load();
      failing = false;
      const next = admissionRefusal(carried, { waitingJobsMax, evictsNow: hasEvicted(carried.evictedKeys) });
      tell(next);
      return next?.reason === 'not_writable' ? unwritableIntervalMs : lookIntervalMs;
    } catch (error) {
      found = null;
      if (!isUnavailable(error) && !failing) log.error({ err: error }, 'the load of the job store cannot be read');
      failing = true;
      return lookIntervalMs;
    }
  }

  function tell(next: AdmissionRefusal | null): void {
    if (next !== null && next.reason !== found?.reason) log.error({ reason: next.reason }, next.finding);
    if (next === null && found !== null) log.info('new jobs are accepted again');
    found = next;
  }

  const following = (async () => {
    while (!stop.signal.aborted) {
      const waitMs = await look();
      await pause(waitMs, undefined, { signal: stop.signal }).catch(() => undefined);
    }
  })();

  return {
    refusal: () => found,
    async [Symbol.asyncDispose]() {
      stop.abort();
      await following;
    },
  };
}

/** Whether the count of evicted keys has grown lately; a count that starts again with its server says nothing. */
function evictionWatch(now: () => number): (evictedKeys: number) => boolean {
  let before: number | null = null;
  let grewAtMs = Number.NEGATIVE_INFINITY;
  return (evictedKeys) => {
    if (before !== null && evictedKeys > before) grewAtMs = now();
    before = evictedKeys;
    return now() - grewAtMs < evictionMemoryMs;
  };
}

/** The answer to a request for a new job or a new attempt while none is taken in; null when it may go on. */
export function notAdmitted({ admission }: { readonly admission: Pick<Admission, 'refusal'> }): Problem | null {
  const refusal = admission.refusal();
  if (refusal === null) return null;
  const { reason, message, retryAfterSeconds } = refusal;
  return { ...problem(reason === 'queue_full' ? 'queue_full' : 'service_unavailable', message), retryAfterSeconds };
}
