import type { WorkerParts } from '../worker-parts.ts';

/** A worker that died during a trial would keep all others waiting for the answer that nobody takes in. */
export async function endDeadTrial({ ledger, log, now }: Pick<WorkerParts, 'ledger' | 'log' | 'now'>): Promise<void> {
  const { trial } = await ledger.holds.read();
  if (trial?.worker === undefined) return;
  const live = await ledger.workers.list(now());
  if (live.some(({ id }) => id === trial.worker)) return;
  await ledger.holds.endTrial(trial.holder);
  log.warn({ worker: trial.worker }, 'the trial of a worker that is gone has ended: the next one may begin');
}
