import { setTimeout as pause } from 'node:timers/promises';
import { discardFiles } from '@video-proxy/artifacts';
import {
  type BulkTrouble,
  bulkStopped,
  isOrderable,
  mayHaveBeenBilled,
  orderEvents,
  storageKeysOf,
  storedVideoOf,
  type VideoJob,
} from '@video-proxy/core';
import type { BulkOrder, BulkProblem, BulkRun, SeenJob } from '@video-proxy/ledger';
import type { WorkerParts } from '../worker-parts.ts';

type BulkParts = Pick<WorkerParts, 'workerId' | 'ledger' | 'steps' | 'storage' | 'log' | 'now'>;

const lease = 'bulk';
/** A slice is through in a fraction of this; when its worker dies, another one goes on after it. */
const leaseMs = 15_000;
const sliceSize = 50;
/** Jobs of a slice that are changed at the same time: Redis serves others in between. */
const atOnce = 10;
/** Leaves at least as much of Redis to everybody else as a slice takes. */
const betweenSlicesMs = 10;

type Outcome =
  | { readonly kind: 'done'; readonly job?: VideoJob }
  | ({ readonly kind: 'problem'; readonly code: BulkTrouble } & Omit<BulkProblem, 'jobId'>);

const done: Outcome = { kind: 'done' };
const skipped = (code: BulkTrouble, message: string): Outcome => ({
  kind: 'problem',
  outcome: 'skipped',
  code,
  message,
});
const changedSince = skipped('changed', 'The job has changed since it was seen.');

/**
 * Carries out what operators have ordered about many jobs, slice by slice. Each job is changed by one conditional write about
 * the attempt that was seen, so that whatever is repeated after a crash changes nothing a second time.
 */
export async function carryOutBulk(parts: BulkParts, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const run = await parts.ledger.bulk.next();
    if (run === null || run.order === null) return;
    if (!(await parts.ledger.leases.acquire(lease, parts.workerId, leaseMs))) return;
    await carryOutSlice(parts, run, run.order);
    await pause(betweenSlicesMs, undefined, { signal }).catch(() => undefined);
  }
  await parts.ledger.leases.release(lease, parts.workerId);
}

async function carryOutSlice(parts: BulkParts, run: BulkRun, order: BulkOrder): Promise<void> {
  const jobs = await parts.ledger.bulk.slice(run, sliceSize);
  const outcomes: Outcome[] = [];
  for (let at = 0; at < jobs.length; at += atOnce) {
    const some = jobs.slice(at, at + atOnce);
    outcomes.push(...(await Promise.all(some.map((job) => carryOutOne(parts, run, order, job)))));
  }
  const retried = outcomes.find((outcome) => outcome.kind === 'done' && outcome.job !== undefined);
  // One step calls for the turns of all.
  if (retried?.kind === 'done' && retried.job !== undefined) await hasten(parts, 'submit', retried.job);
  await note(parts, run, order, jobs, outcomes);
}

/** The audit log learns the end before the run is over: what is repeated after a crash in between says the same. */
async function note(
  { ledger, log, now }: BulkParts,
  run: BulkRun,
  { audit }: BulkOrder,
  jobs: readonly SeenJob[],
  outcomes: readonly Outcome[],
): Promise<void> {
  const problems = outcomes.flatMap((outcome, index): BulkProblem[] => {
    const jobId = jobs[index]?.id;
    if (outcome.kind === 'done' || jobId === undefined) return [];
    const { kind: _, ...problem } = outcome;
    return [{ jobId, ...problem }];
  });
  const failed = problems.filter((problem) => problem.outcome === 'failed').length;
  const counts = { done: jobs.length - problems.length, failed, skipped: problems.length - failed };
  // A list that is shorter than it was is one that somebody removed: then there is nothing left to do.
  const cursor = jobs.length === 0 ? run.total : run.cursor + jobs.length;
  const after = {
    total: run.total,
    done: run.done + counts.done,
    failed: run.failed + counts.failed,
    skipped: run.skipped + counts.skipped,
  };
  if (cursor >= run.total) {
    await ledger.audit.rewrite(audit.id, { ...audit.record, outcome: 'done', after, finishedAtMs: now() });
  }
  const state = await ledger.bulk.advance(run, cursor, counts, problems, now());
  // Whoever stopped it could not know what would become of this slice.
  if (state === 'stopped') {
    const known = { outcome: 'done', ...bulkStopped, after: { state, ...after }, finishedAtMs: now() } as const;
    await ledger.audit.rewrite(audit.id, { ...audit.record, ...known });
  }
  if (state === 'finished')
    log.info({ bulkId: run.id, action: run.plan.action, total: run.total }, 'a bulk action is through');
}

async function carryOutOne(parts: BulkParts, run: BulkRun, order: BulkOrder, seen: SeenJob): Promise<Outcome> {
  try {
    return await (run.plan.action === 'delete'
      ? remove(parts, seen)
      : change(parts, run, order, run.plan.action, seen));
  } catch (error) {
    // Without Redis nobody knows which request it came from.
    const job = await parts.ledger.jobs.get(seen.id).catch(() => null);
    const names = { jobId: seen.id, requestId: job?.requestId ?? null, bulkId: run.id };
    parts.log.error({ ...names, err: error }, 'a bulk action failed for a job');
    const message = 'Something went wrong: the log of the worker says what.';
    return { kind: 'problem', outcome: 'failed', code: 'broken', message };
  }
}

async function change(
  parts: BulkParts,
  run: BulkRun,
  { operator, reason, confirmCost }: BulkOrder,
  action: keyof typeof orderEvents,
  { id, attempt }: SeenJob,
): Promise<Outcome> {
  const isSafe = (job: VideoJob) => action !== 'retry' || confirmCost || !mayHaveBeenBilled(job.lifecycle);
  const applied = await parts.ledger.jobs.apply(id, orderEvents[action], parts.now(), {
    attempt,
    when: isSafe,
    circumstances: { by: 'operator', who: operator.name, reason, bulk: run.id },
  });
  if (applied.kind === 'missing') return skipped('gone', 'The job is gone.');
  if (applied.kind === 'changed') {
    if (action !== 'retry') await hasten(parts, 'poll', applied.job);
    else await discardFilesOf(parts, applied.previous);
    return action === 'retry' ? { kind: 'done', job: applied.job } : done;
  }
  if (await wasChangedBy(parts, run, id)) return done;
  const isSame = applied.job.attempt === attempt && isOrderable(applied.job, action, parts.now());
  return isSame
    ? skipped('needs_consent', 'It may have been billed: a retry needs consent to the cost.')
    : changedSince;
}

/** A slice that a crash cut off is repeated: what was done in it then is no surprise. */
async function wasChangedBy({ ledger }: BulkParts, run: BulkRun, jobId: string): Promise<boolean> {
  const events = await ledger.jobs.events(jobId, { limit: 1_000 });
  return events.some(({ details }) => details['bulk'] === run.id);
}

async function hasten(
  { steps, log }: BulkParts,
  step: 'submit' | 'poll',
  { id, attempt, requestId }: VideoJob,
): Promise<void> {
  await steps.hasten(step, { jobId: id, attempt }).catch((error: unknown) => {
    log.warn({ err: error, jobId: id, requestId }, 'step not hastened; reconcile sees to it');
  });
}

/** Files first, as everywhere: a record without files is removed again, files without a record would stay for ever. */
async function remove(parts: BulkParts, { id, attempt }: SeenJob): Promise<Outcome> {
  const job = await parts.ledger.jobs.get(id);
  // Gone is what was wanted.
  if (job === null) return done;
  if (job.attempt !== attempt || !isOrderable(job, 'delete', parts.now())) return changedSince;
  const video = storedVideoOf(job.lifecycle);
  for (const key of storageKeysOf(video)) await parts.storage.delete(key);
  const removed = await parts.ledger.jobs.delete(id, (now) => now.attempt === attempt);
  if (removed === null) return changedSince;
  // A late video may have come between the look and the removal.
  if (video === null) await discardFilesOf(parts, removed);
  return done;
}

function discardFilesOf({ storage, ledger }: BulkParts, { lifecycle }: VideoJob): Promise<void> {
  return discardFiles({ storage, leftFiles: ledger.leftFiles }, storageKeysOf(storedVideoOf(lifecycle)));
}
