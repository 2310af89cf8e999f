import { writeLine } from '@video-proxy/telemetry';
import type { WorkerParts } from '../worker-parts.ts';

/**
 * A worker that died during a trial would keep all others waiting for the answer that nobody takes in. Two looks in a row
 * have to miss it: after Redis was away every worker is silent until its next beat, and a second trial might meet a second refusal.
 */
export function openDeadTrialWatch({ ledger, log, now }: Pick<WorkerParts, 'ledger' | 'log' | 'now'>) {
  let missedHolder: string | null = null;

  return async (): Promise<void> => {
    const { trial } = await ledger.holds.read();
    const isMissing = trial?.worker !== undefined && !(await isLive(trial.worker));
    if (isMissing && missedHolder === trial.holder) {
      await ledger.holds.endTrial(trial.holder);
      writeLine(log, 'trial_abandoned', { worker: trial.worker });
    }
    missedHolder = isMissing ? trial.holder : null;
  };

  async function isLive(worker: string): Promise<boolean> {
    return (await ledger.workers.list(now())).some(({ id }) => id === worker);
  }
}
