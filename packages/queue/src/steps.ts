import type { JobStepName, StepName, StepPayloads } from '@video-proxy/contracts';
import { ErrorCode, type JobsOptions, Queue } from 'bullmq';
import { type FoundStep, findStep } from './find-step.ts';
import { missingSteps } from './missing-steps.ts';
import { dueMsOf, eventsMax, jobStepNames, prefixOf, type RedisConnection, stepIdOf, stepNames } from './queues.ts';

export interface StepCounts {
  readonly waiting: number;
  readonly active: number;
  readonly delayed: number;
}

/** Adding steps to the queues. */
export interface Steps extends AsyncDisposable {
  /**
   * Adds a step, unless the same step of the same attempt is there already, waiting or running. A step that is just about
   * to end may swallow one that is added meanwhile; whoever adds it again later (reconcile) heals that, and the ledger
   * keeps the harm to a delay.
   */
  add<Name extends StepName>(step: Name, payload: StepPayloads[Name], options?: { delayMs?: number }): Promise<void>;
  /**
   * Adds a step that stands for work to be done and not for its job: while one is on its way, all who ask meanwhile share
   * the next. Many at once then cost hardly more than one (a third of the cost of a create request, measured).
   */
  wake<Name extends StepName>(step: Name, payload: StepPayloads[Name]): Promise<void>;
  /** The same as `add`, and at once: a step that is there already but waits for its time does not wait any longer. */
  hasten<Name extends StepName>(step: Name, payload: StepPayloads[Name]): Promise<void>;
  /** The same as `add` for many, in one round trip; `nextDelayMs` is asked once for each, in their order. */
  addMany<Name extends StepName>(
    step: Name,
    payloads: readonly StepPayloads[Name][],
    nextDelayMs?: () => number,
  ): Promise<void>;
  /**
   * Those of the given steps that nobody will ever carry out: gone, or outside of every list of their queue. Meant for
   * many thousands, slice by slice; a slice without one is passed over.
   */
  missing<Name extends StepName>(
    step: Name,
    slices: AsyncIterable<readonly StepPayloads[Name][]>,
  ): AsyncIterable<readonly StepPayloads[Name][]>;
  /** The steps that an attempt of a job, or a delivery, has now; usually one. */
  find(payload: Pick<StepPayloads[JobStepName], 'jobId' | 'attempt'> | StepPayloads['notify']): Promise<FoundStep[]>;
  /** How many steps nobody has taken yet, without those that wait for their time. */
  waiting(step: StepName): Promise<number>;
  counts(): Promise<Record<StepName, StepCounts>>;
  /** When the first step that waits for its time is due, or was due if nobody has taken it; null without one. */
  firstDueMs(step: StepName): Promise<number | null>;
  /** Lets go of the connection, which stays open: it belongs to whoever passed it in. */
  close(): Promise<void>;
}

/**
 * @param connection shared by all queues, and best with the ledger: commands of one connection arrive in order, so a step
 * that is added right after its job was written can never be taken before the job is there
 * @param onError trouble of the queues; while Redis is away nothing is said here, because the connection says so itself
 */
export function openSteps({
  connection,
  namespace,
  onError,
}: {
  connection: RedisConnection;
  namespace: string;
  onError: (error: Error) => void;
}): Steps {
  const queues = new Map<StepName, Queue>();

  const queueOf = (step: StepName): Queue => {
    const known = queues.get(step);
    if (known !== undefined) return known;
    const queue = new Queue(step, {
      connection,
      prefix: prefixOf(namespace),
      streams: { events: { maxLen: eventsMax } },
    });
    queue.on('error', (error) => {
      if (connection.status === 'ready') onError(error);
    });
    queues.set(step, queue);
    // BullMQ remembers a failed start for ever; the next use begins anew.
    queue.waitUntilReady().catch(async () => {
      if (queues.get(step) === queue) queues.delete(step);
      await queue.close().catch(() => undefined);
    });
    return queue;
  };

  const add = async (step: StepName, payload: StepPayloads[StepName], delayMs = 0): Promise<void> => {
    await queueOf(step).add(step, payload, optionsOf(payload, delayMs));
  };
  const wakings = new Map<StepName, ReturnType<typeof sharedRuns>>();

  const close = async () => {
    await Promise.all([...queues.values()].map((queue) => queue.close()));
    queues.clear();
  };

  return {
    add: (step, payload, { delayMs = 0 } = {}) => add(step, payload, delayMs),
    wake(step, payload) {
      const known = wakings.get(step) ?? sharedRuns();
      wakings.set(step, known);
      return known(() => add(step, payload));
    },
    async hasten(step, payload) {
      const queue = queueOf(step);
      await queue.add(step, payload, optionsOf(payload, 0));
      const there = await queue.getJob(stepIdOf(payload));
      // Between the two it may have begun or ended: then it was as fast as it could be.
      if (await there?.isDelayed()) await there?.promote().catch(ignoreNotDelayed);
    },
    async addMany(step, payloads, nextDelayMs = () => 0) {
      if (payloads.length === 0) return;
      await queueOf(step).addBulk(payloads.map((data) => ({ name: step, data, opts: optionsOf(data, nextDelayMs()) })));
    },
    missing: (step, slices) => missingSteps({ queue: queueOf(step), redis: connection, idOf: stepIdOf }, slices),
    async find(payload) {
      const id = stepIdOf(payload);
      const names = 'deliveryId' in payload ? (['notify'] as const) : jobStepNames;
      const look = (step: StepName) => findStep({ queue: queueOf(step), redis: connection }, step, id);
      return (await Promise.all(names.map(look))).filter((found) => found !== null);
    },
    waiting: (step) => queueOf(step).getWaitingCount(),
    async counts() {
      const counted = await Promise.all(stepNames.map(async (step) => [step, await countsOf(queueOf(step))] as const));
      return Object.fromEntries(counted) as Record<StepName, StepCounts>;
    },
    async firstDueMs(step) {
      const [, score] = await connection.zrange(queueOf(step).toKey('delayed'), '0', '0', 'WITHSCORES');
      return score === undefined ? null : dueMsOf(score);
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

/** How often a step is tried and what is kept of it is decided where it is served: nothing of that is stored with it. */
function optionsOf(payload: StepPayloads[StepName], delayMs: number): JobsOptions {
  const jobId = stepIdOf(payload);
  return delayMs > 0 ? { jobId, delay: Math.ceil(delayMs) } : { jobId };
}

async function countsOf(queue: Queue): Promise<StepCounts> {
  const { wait = 0, active = 0, delayed = 0 } = await queue.getJobCounts('wait', 'active', 'delayed');
  return { waiting: wait, active, delayed };
}

function ignoreNotDelayed(error: unknown): void {
  const isNotDelayed = error instanceof Error && 'code' in error && error.code === ErrorCode.JobNotInState;
  if (!isNotDelayed) throw error;
}

/** One run at a time; whoever comes while one is under way shares the next, which begins after they came. */
function sharedRuns(): (run: () => Promise<void>) => Promise<void> {
  let current: Promise<unknown> = Promise.resolve();
  let next: Promise<void> | null = null;
  return (run) => {
    next ??= current.then(() => {
      next = null;
      const started = run();
      current = started.catch(() => undefined);
      return started;
    });
    return next;
  };
}
