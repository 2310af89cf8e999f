import type { VideoJob } from '@video-proxy/core';
import { Refusal } from '../problem.ts';
import type { ChangeOutcome } from '../video-jobs/index.ts';
import { noSuchJob } from './jobs/not-found.ts';

/** The job after an order, or the reason why the order was not carried out, thrown. */
export function changedJob(outcome: ChangeOutcome): VideoJob {
  switch (outcome.kind) {
    case 'done':
      return outcome.job;
    case 'missing':
      throw noSuchJob();
    case 'refused':
      throw new Refusal(outcome.problem);
  }
}
