import type { StepName, StepPayloads } from '@video-proxy/contracts';
import type { Worker } from 'bullmq';
import { type RedisConnection, stepNames } from './queues.ts';
import { openStepWorker, type StepHandler, type StepNames } from './step-worker.ts';

/** One handler for each step of the catalog: a forgotten one does not compile. */
export type StepHandlers = { readonly [Name in StepName]: StepHandler<StepPayloads[Name]> };

export interface ServeOptions {
  /** A patient one (`blocking`); every queue opens one more like it to wait for work. */
  readonly connection: RedisConnection;
  readonly namespace: string;
  readonly handlers: StepHandlers;
  readonly concurrency: Record<StepName, number>;
  /** What handlers threw, and trouble of the queues. While Redis is away the connection says so itself, not each queue. */
  readonly onError: (error: Error, about: StepNames & { readonly step: StepName }) => void;
}

/** The steps that this process serves. */
export interface Serving extends AsyncDisposable {
  /** This process takes no more steps of this kind until `resume`; those in hand go on. Both may be called at any time. */
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
  inHand(): Readonly<Record<StepName, number>>;
}

const shareBeforeAbort = 0.8;
const disposeTimeoutMs = 1_000;

export function serveSteps({ handlers, concurrency, onError, ...shared }: ServeOptions): Serving {
  const counts = Object.fromEntries(stepNames.map((step) => [step, 0])) as Record<StepName, number>;
  const inHand = { counts, closing: false };
  const open = <Name extends StepName>(step: Name): [Name, Worker] => {
    const options = {
      ...shared,
      inHand,
      concurrency: concurrency[step],
      onError: (error: Error, about: StepNames) => onError(error, { step, ...about }),
    };
    return [step, openStepWorker(step, handlers[step], options)];
  };
  const workers = new Map<StepName, Worker>(stepNames.map((step) => open(step)));

  const close = async (timeoutMs: number) => {
    inHand.closing = true;
    const { promise: timeUp, resolve: giveUp } = Promise.withResolvers<void>();
    const abort = () => {
      for (const worker of workers.values()) worker.cancelAllJobs('this process has to end');
    };
    const timers = [setTimeout(abort, timeoutMs * shareBeforeAbort), setTimeout(giveUp, timeoutMs)];
    await Promise.race([Promise.allSettled([...workers.values()].map((worker) => worker.close())), timeUp]);
    timers.forEach(clearTimeout);
  };

  return {
    async pause(step) {
      const worker = workers.get(step);
      // `true`: it does not wait for the steps in hand.
      if (worker?.isPaused() === false) await worker.pause(true);
    },
    async resume(step) {
      const worker = workers.get(step);
      if (worker?.isPaused() === true) await worker.resume();
    },
    close,
    running: () => Object.values(counts).reduce((sum, count) => sum + count, 0),
    inHand: () => ({ ...counts }),
    [Symbol.asyncDispose]: () => close(disposeTimeoutMs),
  };
}
