import type { CurrentApiKey } from '@video-proxy/aimlapi';
import { troubles, unrecordedGenerations } from '@video-proxy/core';
import type { LiveWorker } from '@video-proxy/ledger';
import { type Finding, fail, ok, warn } from '../finding.ts';

export interface WorkerFacts {
  /** How many workers the running service sees; null when none is running or it does not say. */
  readonly seenByService: number | null;
  /** Those that have told Redis of themselves in the last seconds; null when Redis could not be asked. */
  readonly inRedis: readonly LiveWorker[] | null;
  /** Accepted generations that are in no job, as the running service counts them. */
  readonly unrecordedByService: number | null;
  readonly key: Pick<CurrentApiKey, 'value' | 'fingerprint'>;
}

export function examineWorkers({ seenByService, inRedis, unrecordedByService, key }: WorkerFacts): readonly Finding[] {
  const live = inRedis?.length ?? seenByService;
  if (live === null) {
    return [
      warn(
        'workers',
        'workers_unknown',
        'nobody could be asked about workers',
        'start the service, then run doctor again',
      ),
    ];
  }
  if (live === 0) {
    return [fail('workers', 'no_worker', troubles.noWorker.finding, troubles.noWorker.action)];
  }
  const strangers = (inRedis ?? []).filter((worker) => holdsAnotherKey(worker, key));
  if (strangers.length > 0) {
    return strangers.map((worker) =>
      fail(
        'workers',
        'key_differs',
        `worker ${worker.id} holds another key (fingerprint ${worker.keyFingerprint}) than the environment (fingerprint ${key.fingerprint})`,
        troubles.keysDiffer.action,
      ),
    );
  }
  const unrecorded = inRedis === null ? (unrecordedByService ?? 0) : unrecordedIn(inRedis);
  if (unrecorded > 0) {
    const { finding, action } = unrecordedGenerations(unrecorded);
    return [warn('workers', 'unrecorded_generations', finding, action)];
  }
  return [ok('workers', `${live} live worker${live === 1 ? '' : 's'}`)];
}

function holdsAnotherKey(worker: LiveWorker, key: WorkerFacts['key']): boolean {
  return key.value !== null && worker.provider === 'aimlapi' && worker.keyFingerprint !== key.fingerprint;
}

function unrecordedIn(workers: readonly LiveWorker[]): number {
  return workers.reduce((sum, { unrecordedGenerations = 0 }) => sum + unrecordedGenerations, 0);
}
