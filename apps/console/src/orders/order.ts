import type { BulkAction, JobFilter } from '@video-proxy/contracts';

/** What is to be done, and with which jobs. */
export interface Order {
  readonly action: BulkAction;
  readonly filter: Partial<JobFilter>;
}
