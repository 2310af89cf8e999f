import type { VideoJobEvent } from './events.ts';
import { said } from './said.ts';
import { transition } from './transition.ts';
import { isTerminal, type VideoJob } from './video-job.ts';

/** What may be ordered about a job. */
export type JobOrder = 'retry' | 'recheck' | 'cancel' | 'delete';

export const orderEvents = {
  retry: { type: 'retry_requested' },
  recheck: { type: 'recheck_requested' },
  cancel: { type: 'cancel_requested' },
} as const satisfies Record<Exclude<JobOrder, 'delete'>, VideoJobEvent>;

/** What the audit log says of a bulk action that did not come to its end. */
export const bulkStopped = { message: 'Stopped by an operator.', said: said('bulk_stopped') } as const;

/** Whether an order would change anything about a job as it is now. */
export function isOrderable(job: VideoJob, order: JobOrder, nowMs: number): boolean {
  if (order === 'delete') return isTerminal(job.lifecycle.state);
  return transition(job, orderEvents[order], nowMs) !== job;
}
