import type { LedgerTools } from './scripts.ts';
import { createdAtMsOf } from './video-job-id.ts';

/** Nearly always the first job to come has waited longest. */
const firstJobs = 10;
const bytesMax = 2_000_000;
/** One run of the script takes a millisecond or two of Redis. */
const ownersPerRun = 500;
const runsMax = 20;

/** Since when the job waits that has waited longest; null when none waits. */
export async function longestWait(tools: LedgerTools): Promise<number | null> {
  const among = await amongFirstJobs(tools);
  if (among.isCertain) return among.sinceMs;
  return earlier(among.sinceMs, await amongOwners(tools));
}

/** A job waits since it came, or since it was ordered once more: never longer than it is there. */
async function amongFirstJobs({ scripts, keys }: LedgerTools): Promise<{ sinceMs: number | null; isCertain: boolean }> {
  const [score, unknown] = await scripts.firstWaits([keys.state('queued')], [firstJobs, bytesMax]);
  const sinceMs = score === '' ? null : Number(score);
  return { sinceMs, isCertain: unknown === '' || (sinceMs !== null && sinceMs <= createdAtMsOf(unknown)) };
}

/** Needed when old jobs were ordered once more. Beyond ten thousand owners somebody may have waited longer. */
async function amongOwners({ scripts, keys }: LedgerTools): Promise<number | null> {
  let sinceMs: number | null = null;
  // One after the other: others have their turn at Redis in between.
  for (let run = 0; run < runsMax; run += 1) {
    const first = run * ownersPerRun;
    const [owners, score] = await scripts.oldestWaiting([keys.turns], [first, first + ownersPerRun - 1]);
    if (score !== '') sinceMs = earlier(sinceMs, Number(score));
    if (owners < ownersPerRun) break;
  }
  return sinceMs;
}

function earlier(one: number | null, other: number | null): number | null {
  if (one === null || other === null) return one ?? other;
  return Math.min(one, other);
}
