import {
  type CredentialRecord,
  flawsOf,
  type InstallationFacts,
  type Persistence,
  type VideoJobState,
} from '@video-proxy/core';
import type { Ledger, LiveWorker, ServerLoad } from '@video-proxy/ledger';
import type { Steps } from '@video-proxy/queue';
import type { Admission } from '../admission.ts';
import { recent } from '../recent.ts';
import type { StorageState } from '../storage-state.ts';

export interface InstallationParts {
  readonly ledger: Pick<Ledger, 'credential' | 'holds' | 'workers' | 'jobs' | 'rates' | 'load' | 'persistence'>;
  readonly steps: Pick<Steps, 'firstDueMs'>;
  readonly storageState: () => Promise<StorageState>;
  readonly admission: Pick<Admission, 'refusal'>;
  /** For the time before a worker has told more. */
  readonly ownCredential: CredentialRecord;
  readonly now: () => number;
}

/** Everything that is known about the installation as a whole, read at one moment. */
export interface Installation {
  readonly facts: InstallationFacts;
  readonly counts: Readonly<Record<VideoJobState, number>>;
  readonly workers: readonly LiveWorker[];
  /** When the poll that should run first is due; null when none waits for its time. */
  readonly pollDueMs: number | null;
  readonly load: ServerLoad;
  readonly persistence: Persistence;
  readonly storage: StorageState;
}

/** It changes when somebody changes Redis by hand, and asking costs more than everything else here. */
const persistenceMs = 30_000;
/** Long enough for videos to end, short enough to be news. */
const recentMinutes = 15;
/** Of a quarter of an hour, a few seconds are little; the indexes that are counted are the largest there are. */
const recentFreshness = { maxAgeMs: 5_000, staleMaxMs: 30_000 };

/** Looks at the installation: a handful of round trips that read no job, however many there are. */
export function openInstallationView(parts: InstallationParts): () => Promise<Installation> {
  const { ledger, steps, now } = parts;
  const recentEnds = recent(() => endsSince(ledger, now() - recentMinutes * 60_000), recentFreshness, now);
  const readPersistence = recent(ledger.persistence, { maxAgeMs: persistenceMs }, now);

  return async () => {
    const nowMs = now();
    const [credential, holds, workers, counts, ends, load, persistence, pollDueMs, storage] = await Promise.all([
      ledger.credential.read(),
      ledger.holds.read(),
      ledger.workers.list(nowMs),
      ledger.jobs.counts(),
      recentEnds(),
      ledger.load(),
      readPersistence(),
      steps.firstDueMs('poll'),
      parts.storageState(),
    ]);
    const facts: InstallationFacts = {
      nowMs,
      credential: credential ?? parts.ownCredential,
      holds,
      workers,
      waitingJobs: counts.queued,
      unknownSubmissions: counts.submission_unknown,
      pollLagMs: pollDueMs === null ? 0 : Math.max(0, nowMs - pollDueMs),
      refusal: parts.admission.refusal(),
      storeFlaws: flawsOf(persistence),
      storeLoad: load,
      storageFinding: storage.finding,
      storageSaid: storage.said,
      recent: { minutes: recentMinutes, ...ends },
    };
    return { facts, counts, workers, pollDueMs, load, persistence, storage };
  };
}

/** Of the jobs that were created since then. */
async function endsSince(
  { rates }: Pick<Ledger, 'rates'>,
  fromMs: number,
): Promise<{ completed: number; failed: number }> {
  const [since] = await rates.bySpan({ lastFromMs: fromMs, spanMs: 0, spans: 1 });
  return { completed: since?.counts.completed ?? 0, failed: since?.counts.failed ?? 0 };
}
