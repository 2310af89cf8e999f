import { isDeepStrictEqual } from 'node:util';
import { type StepName, type StepPayloads, type StepTrouble, stepCatalog } from '@video-proxy/contracts';
import { DelayedError, type Job, UnrecoverableError, Worker } from 'bullmq';
import { prefixOf, type RedisConnection } from './queues.ts';

/**
 * What a handler wants to happen to its step. To `snooze` costs neither a slot nor a try: the step waits in Redis, and
 * `trouble` is what its payload says when it comes back.
 */
export type StepOutcome =
  | { readonly kind: 'done' }
  | { readonly kind: 'snooze'; readonly delayMs: number; readonly trouble?: StepTrouble | undefined };

/**
 * Carries out one step. Expected trouble is an outcome; what is thrown is reported, and the step is tried again a few
 * times, then dropped for reconcile to bring back. A step can come twice, even at the same time as its twin (a process that
 * was stopped for long loses its lock): the ledger decides which one counts.
 *
 * @param context `signal` aborts when the process has to end: stop early, by throwing or with an outcome
 */
export type StepHandler<Payload> = (payload: Payload, context: { signal: AbortSignal }) => Promise<StepOutcome>;

/** What a step is about, for the log. Empty where that is not known, and of a submit step, which sends whosever turn it is. */
export type StepNames = Partial<StepPayloads['poll'] & StepPayloads['notify']>;

export interface StepWorkerOptions {
  readonly connection: RedisConnection;
  readonly namespace: string;
  readonly concurrency: number;
  readonly onError: (error: Error, about: StepNames) => void;
  /** Shared by the workers of a process. */
  readonly inHand: { readonly counts: Record<StepName, number>; closing: boolean };
}

/**
 * A process that dies leaves its steps locked: they are taken over after at most lock and two checks, 20 seconds. The lock
 * is renewed every 5 seconds, so a healthy process loses one only when its event loop stands still for 10.
 */
const lockMs = 10_000;
const stalledCheckMs = 5_000;
/** A step whose process dies each time it runs: dropped in the end, and brought back by reconcile at its slower pace. */
const stalledMax = 5;

/** Pause after a Redis error before work is asked for again; BullMQ's own 15 s would be a long silence after a restart. */
const reconnectedAfterMs = 1_000;

/** Tries of a step whose handler throws: after 1, 2, 4 and 8 seconds, then it is dropped. */
const triesMax = 5;
const firstRetryMs = 1_000;

/** How BullMQ is told that a step was moved; one for all, because nobody reads its stack and making one takes time. */
const snoozed = new DelayedError();

/** Serves one kind of step. */
export function openStepWorker<Name extends StepName>(
  step: Name,
  handler: StepHandler<StepPayloads[Name]>,
  { connection, namespace, concurrency, onError, inHand }: StepWorkerOptions,
): Worker {
  const run = async (job: Job, signal: AbortSignal): Promise<StepOutcome> => {
    const payload = stepCatalog[step].safeParse(job.data);
    if (!payload.success) throw new UnrecoverableError(`a ${step} step with an unreadable payload was dropped`);
    inHand.counts[step] += 1;
    try {
      // The schema and the payload are those of the same name, which the compiler does not follow.
      return await handler(payload.data as StepPayloads[Name], { signal });
    } catch (error) {
      // Not its fault: another process shall have it at once.
      if (inHand.closing && signal.aborted) {
        return { kind: 'snooze', delayMs: 0, trouble: 'trouble' in payload.data ? payload.data.trouble : undefined };
      }
      throw error;
    } finally {
      inHand.counts[step] -= 1;
    }
  };

  // BullMQ passes the signal only to functions that declare exactly three plain parameters.
  const process = async (job: Job, token: string | undefined, signal: AbortSignal | undefined): Promise<void> => {
    if (signal === undefined) throw new Error('BullMQ passed no signal');
    // Set here instead of when the step is added, so that a deploy changes it for steps that wait already.
    Object.assign(job.opts, {
      attempts: triesMax,
      backoff: { type: 'exponential', delay: firstRetryMs },
      stackTraceLimit: 0,
    });
    const outcome = await run(job, signal);
    switch (outcome.kind) {
      case 'done':
        return;
      case 'snooze':
        await snooze(job, token, outcome);
        throw snoozed;
    }
  };

  const worker = new Worker(step, process, {
    connection,
    prefix: prefixOf(namespace),
    concurrency,
    lockDuration: lockMs,
    stalledInterval: stalledCheckMs,
    maxStalledCount: stalledMax,
    runRetryDelay: reconnectedAfterMs,
    removeOnComplete: { count: 0 },
    removeOnFail: { count: 0 },
  });
  worker.on('failed', (job, error) => onError(error, step === 'submit' ? {} : namesOf(job)));
  worker.on('error', (error) => {
    // A broken connection says so itself, and may not know it yet when its queues do.
    if (connection.status === 'ready' && !('syscall' in error)) onError(error, {});
  });
  return worker;
}

/** Without a job when it was a stalled one that is gone. Its data may be what nobody could read. */
function namesOf(job: Job | undefined): StepNames {
  const { jobId, attempt, deliveryId }: StepNames = job?.data ?? {};
  return deliveryId === undefined ? { ...(jobId && { jobId }), ...(attempt && { attempt }) } : { deliveryId };
}

async function snooze(
  job: Job,
  token: string | undefined,
  { delayMs, trouble }: Extract<StepOutcome, { kind: 'snooze' }>,
): Promise<void> {
  const { trouble: before, ...ids } = job.data;
  // Most snoozes change nothing: a quiet poll costs no write of its payload.
  if (!isDeepStrictEqual(trouble, before)) await job.updateData({ ...ids, trouble });
  await job.moveToDelayed(Date.now() + delayMs, token);
}
