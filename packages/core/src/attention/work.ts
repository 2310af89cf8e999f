import { troubles, unrecordedGenerations } from '../findings.ts';
import { isPaused } from '../holds.ts';
import { type InstallationFacts, isFailureSpike } from './facts.ts';
import { type Attention, item, sentence } from './item.ts';

/** Later than this, a poll is not just waiting its turn. */
const pollLagMaxMs = 30_000;

const plural = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;

export function noWorker({ workers, waitingJobs }: InstallationFacts): Attention | null {
  if (workers.length > 0) return null;
  const { finding, action } = troubles.noWorker;
  return item('critical', 'no_worker', 'No worker is alive', `${sentence(finding)}.`, {
    action: sentence(action),
    facts: { waiting_jobs: waitingJobs },
  });
}

export function pollLag({ pollLagMs, workers, nowMs }: InstallationFacts): Attention | null {
  // Without a worker that is the cause, and said.
  if (pollLagMs <= pollLagMaxMs || workers.length === 0) return null;
  const seconds = Math.floor(pollLagMs / 1_000);
  return item('warning', 'poll_lag', 'Polls are late', `The oldest poll should have run ${seconds} s ago.`, {
    action: 'Start more workers, or raise POLL_CONCURRENCY.',
    sinceMs: nowMs - pollLagMs,
    facts: { lag_seconds: seconds },
  });
}

export function failureSpike({ recent }: InstallationFacts): Attention | null {
  if (!isFailureSpike(recent)) return null;
  const { failed, completed, minutes } = recent;
  const detail = `${failed} of the ${plural(failed + completed, 'job')} that came in the last ${minutes} minutes and ended have failed.`;
  return item('warning', 'failure_spike', 'Many jobs fail', detail, {
    action: 'Look at the groups of failures: the largest one names the cause.',
    facts: { failed, completed, minutes },
  });
}

export function unknownSubmissions({ unknownSubmissions: count }: InstallationFacts): Attention | null {
  if (count === 0) return null;
  const detail = `${plural(count, 'request')} may or may not have reached the provider; the log of the provider is searched for them.`;
  return item('warning', 'submissions_unknown', 'Answers of the provider were lost', detail, { facts: { count } });
}

export function unrecorded({ workers }: InstallationFacts): Attention | null {
  const count = workers.reduce((sum, { unrecordedGenerations: one = 0 }) => sum + one, 0);
  if (count === 0) return null;
  const { finding, action } = unrecordedGenerations(count);
  return item('critical', 'unrecorded_generations', 'Generations that no job knows', `${sentence(finding)}.`, {
    action: sentence(action),
    facts: { count },
  });
}

export function pause({ holds, nowMs, waitingJobs }: InstallationFacts): Attention | null {
  const { ops } = holds;
  if (ops === null || !isPaused(holds, nowMs)) return null;
  return item('info', 'paused', 'Submissions are paused by operators', ops.message, {
    action: 'Resume when the reason is gone: jobs wait no longer than HOLD_MAX_SECONDS.',
    sinceMs: ops.sinceMs,
    facts: {
      by: ops.by,
      until: ops.untilMs === null ? null : Math.floor(ops.untilMs / 1_000),
      waiting_jobs: waitingJobs,
    },
  });
}
