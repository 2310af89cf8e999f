import { isDeepStrictEqual } from 'node:util';
import { type StepName, type StepPayloads, stepCatalog } from '@video-proxy/contracts';
import { DelayedError, type Job, UnrecoverableError, Worker } from 'bullmq';
import { prefixOf, type RedisConnection, stepNames } from './queues.ts';

/**
 * What a handler wants to happen to its step. To `snooze` costs neither a slot nor a try: the step waits in Redis, and
 * `trouble` is what its payload says when it comes back.
 */
export type StepOutcome =
  | { readonly kind: 'done' }
  | { readonly kind: 'snooze'; readonly delayMs: number; readonly trouble?: StepPayloads[StepName]['trouble'] };

/**
 * Carries out one step. Expected trouble is an outcome; what is thrown is reported, and the step is tried again a few
 * times, then dropped for reconcile to bring back. A step can come twice, even at the same time as its twin (a process that
 * was stopped for long loses its lock): the ledger decides which one counts.
 *
 * @param context `signal` aborts when the process has to end: stop early, by throwing or with an outcome
 */
export type StepHandler<Payload> = (payload: Payload, context: { signal: AbortSignal }) => Promise<StepOutcome>;

/** One handler for each step of the catalog: a forgotten one does not compile. */
export type StepHandlers = { readonly [Name in StepName]: StepHandler<StepPayloads[Name]> };

export interface ServeOptions {
  /** A patient one (`blocking`); every queue opens one more like it to wait for work. */
  readonly connection: RedisConnection;
  readonly namespace: string;
  readonly handlers: StepHandlers;
  readonly concurrency: Record<StepName, number>;
  /** What handlers threw, and what the connections say. */
  readonly onError: (error: Error, step: StepName) => void;
}

export interface Serving extends AsyncDisposable {
  /** This process takes no more steps of this kind until `resume`; those in hand go on. Both may be called again at any time. */
  pause(step: StepName): Promise<void>;
  resume(step: StepName): Promise<void>;
  /**
   * Takes no more steps and waits for those in hand; with a fifth of the time left their signals abort, and when the time
   * is up it returns whatever still runs. An aborted step goes back to its queue at once; an abandoned one is found by the
   * other workers when its lock has run out.
   */
  close(timeoutMs: number): Promise<void>;
  /** Steps in hand. */
  running(): number;
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

const disposeTimeoutMs = 1_000;

export function serveSteps({ connection, namespace, handlers, concurrency, onError }: ServeOptions): Serving {
  let running = 0;
  let closing = false;

  const serve = <Name extends StepName>(step: Name, handler: StepHandler<StepPayloads[Name]>): Worker => {
    const run = async (job: Job, signal: AbortSignal): Promise<StepOutcome> => {
      const payload = stepCatalog[step].safeParse(job.data);
      if (!payload.success) throw new UnrecoverableError(`a ${step} step with an unreadable payload was dropped`);
      running += 1;
      try {
        return await handler(payload.data, { signal });
      } catch (error) {
        // Not its fault: another process shall have it at once.
        if (closing && signal.aborted) return { kind: 'snooze', delayMs: 0, trouble: payload.data.trouble };
        throw error;
      } finally {
        running -= 1;
      }
    };

    // BullMQ passes the signal only to functions that declare exactly three plain parameters.
    const process = async (job: Job, token: string | undefined, signal: AbortSignal | undefined): Promise<void> => {
      // Set here instead of when the step is added, so that a deploy changes it for steps that wait already.
      job.opts.attempts = triesMax;
      job.opts.backoff = { type: 'exponential', delay: firstRetryMs };
      job.opts.stackTraceLimit = 0;
      if (signal === undefined) throw new Error('BullMQ passed no signal');
      const outcome = await run(job, signal);
      if (outcome.kind === 'done') return;
      const { trouble: _, ...ids } = job.data;
      // Most snoozes change nothing: a quiet poll costs no write of its payload.
      if (!isDeepStrictEqual(outcome.trouble, job.data.trouble))
        await job.updateData({ ...ids, trouble: outcome.trouble });
      await job.moveToDelayed(Date.now() + outcome.delayMs, token);
      throw new DelayedError();
    };

    const worker = new Worker(step, process, {
      connection,
      prefix: prefixOf(namespace),
      concurrency: concurrency[step],
      lockDuration: lockMs,
      stalledInterval: stalledCheckMs,
      maxStalledCount: stalledMax,
      runRetryDelay: reconnectedAfterMs,
      removeOnComplete: { count: 0 },
      removeOnFail: { count: 0 },
    });
    worker.on('error', (error) => onError(error, step));
    worker.on('failed', (_job, error) => onError(error, step));
    return worker;
  };

  const serveNamed = <Name extends StepName>(step: Name): Worker => serve(step, handlers[step]);
  const workers = stepNames.map((step) => serveNamed(step));
  const workerOf = (step: StepName) => workers.find((worker) => worker.name === step);

  const close = async (timeoutMs: number) => {
    closing = true;
    const { promise: timeUp, resolve } = Promise.withResolvers<void>();
    const abort = setTimeout(() => {
      for (const worker of workers) worker.cancelAllJobs('this process has to end');
    }, timeoutMs * 0.8);
    const giveUp = setTimeout(resolve, timeoutMs);
    await Promise.race([Promise.allSettled(workers.map((worker) => worker.close())), timeUp]);
    clearTimeout(abort);
    clearTimeout(giveUp);
  };

  return {
    async pause(step) {
      const worker = workerOf(step);
      // `true`: it does not wait for the steps in hand.
      if (worker?.isPaused() === false) await worker.pause(true);
    },
    async resume(step) {
      const worker = workerOf(step);
      if (worker?.isPaused() === true) await worker.resume();
    },
    close,
    running: () => running,
    [Symbol.asyncDispose]: () => close(disposeTimeoutMs),
  };
}
