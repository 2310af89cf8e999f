import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openAimlapi, openApiKey } from '@video-proxy/aimlapi';
import { createArtifactFetcher, openFileStorage } from '@video-proxy/artifacts';
import { type FetchOutcome, isTerminal, type JsonObject, type Lifecycle, type VideoJob } from '@video-proxy/core';
import { type Durability, type Ledger, newVideoJobId, openDurability, openLedger } from '@video-proxy/ledger';
import { openOutboundAgent, openWebhookCaller } from '@video-proxy/outbound';
import { openSteps, type StepHandlers, type Steps, serveSteps } from '@video-proxy/queue';
import { closeRedis, connectRedis, type RedisRole, untilReady } from '@video-proxy/redis';
import { type Sandbox, type SandboxOptions, sandboxApiKey, startSandbox } from '@video-proxy/sandbox';
import { deliveryLines, jobLines, observed, observedDeliveries } from '@video-proxy/telemetry';
import { testRedisUrl } from '@video-proxy/testkit';
import { pino } from 'pino';
import { openAccount } from '../src/account.ts';
import { newCounter } from '../src/counter.ts';
import { openPollPace } from '../src/poll-pace.ts';
import { runWorker } from '../src/run-worker.ts';
import type { WorkerLimits } from '../src/worker-parts.ts';

export interface RunningWorkerOptions {
  readonly namespace: string;
  /** The operator's key; undefined is a missing one. */
  readonly apiKey?: string | undefined;
  /** Instead: the path of a file that holds it. */
  readonly apiKeyFile?: string;
  readonly limits?: Partial<WorkerLimits>;
  /** What happens while a worker that has just stored a file is stopped, before it tells the ledger. */
  readonly afterFetch?: (jobId: string, outcome: FetchOutcome, ledger: Ledger) => Promise<void>;
  readonly probeIntervalMs?: number;
  readonly sandbox?: SandboxOptions;
  readonly baseUrl?: string;
  readonly redisUrl?: string;
  readonly now?: () => number;
  /** Origins of receivers of webhooks that may be called. */
  readonly receivers?: readonly string[];
  readonly webhookTimeoutMs?: number;
  /** Tells the submit steps that the process has to end. */
  readonly ending?: AbortSignal;
  /** What happens while a create request waits for its record to be safe. */
  readonly whileSettling?: (job: Parameters<Durability['settle']>[0], ledger: Ledger) => Promise<void>;
}

export const testWebhookSecret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwtest';

/** A worker in this process, between a real Redis and the sandbox. */
export interface RunningWorker extends AsyncDisposable {
  readonly ledger: Ledger;
  readonly steps: Steps;
  readonly sandbox: Sandbox;
  readonly storage: ReturnType<typeof openFileStorage>;
  readonly logLines: readonly string[];
  /** Where it keeps files: `files`, and `tmp` for those that come. */
  readonly directory: string;
  /** Writes a queued job and its submit step, as the API does. */
  submit(prompt: string, model?: string, owner?: string, parameters?: JsonObject): Promise<VideoJob>;
  /** The same without a step, in any state. */
  write(prompt: string, lifecycle: Lifecycle): Promise<VideoJob>;
  until(job: VideoJob, condition: (job: VideoJob) => boolean): Promise<VideoJob>;
  ended(job: VideoJob): Promise<VideoJob>;
}

const usualLimits: WorkerLimits = {
  generationTimeoutMs: 60_000,
  holdMaxMs: 60_000,
  submissionLookupMs: 60_000,
  retentionMs: 60_000,
  ownerRunningMax: null,
};

export async function startWorker(options: RunningWorkerOptions): Promise<RunningWorker> {
  const { namespace } = options;
  await using opening = new AsyncDisposableStack();
  const directory = await mkdtemp(join(tmpdir(), 'worker-test-'));
  opening.defer(() => rm(directory, { recursive: true }));
  const sandbox = opening.use(await startSandbox({ generationSeconds: 0.2, ...options.sandbox }));
  const apiKey = 'apiKey' in options ? options.apiKey : sandboxApiKey;
  const key = openApiKey(options.apiKeyFile === undefined ? { value: apiKey } : { filePath: options.apiKeyFile });
  const baseUrl = options.baseUrl ?? sandbox.url;
  const provider = opening.use(openAimlapi({ name: 'aimlapi', baseUrl, apiKey: () => key.current().value }));

  const connect = (role: RedisRole) =>
    connectRedis(options.redisUrl ?? testRedisUrl(), { role, onError: () => undefined });
  const redis = opening.adopt(connect('request'), (connection) => closeRedis(connection));
  const blocking = opening.adopt(connect('blocking'), (connection) => closeRedis(connection));
  await untilReady(redis, 5_000);
  const logLines: string[] = [];
  const log = pino({ level: 'debug' }, { write: (line: string) => void logLines.push(line) });
  const records = opening.use(openLedger({ redis, subscriber: () => connect('subscriber'), namespace }));
  const ledger = {
    ...records,
    jobs: observed(records.jobs, [jobLines(log)]),
    deliveries: observedDeliveries(records.deliveries, [deliveryLines(log)]),
  };
  const steps = opening.use(openSteps({ connection: redis, namespace, onError: () => undefined }));

  const storage = openFileStorage({ directory: join(directory, 'files') });
  const fetcher = opening.use(
    createArtifactFetcher({
      storage,
      temporaryDirectory: join(directory, 'tmp'),
      limits: { sizeBytesMax: 50_000_000, timeoutMs: 20_000, idleTimeoutMs: 5_000 },
      searchPath: '',
      allowedOrigins: [new URL(baseUrl).origin],
    }),
  );
  const now = options.now ?? Date.now;
  const waiting = opening.adopt(connect('blocking'), (connection) => closeRedis(connection));
  await untilReady(waiting, 5_000);
  const settled = openDurability({
    connection: waiting,
    namespace,
    now,
    reports: { unsettled: () => {}, settledAgain: () => {} },
  });
  const durability: Durability = {
    async settle(job) {
      await options.whileSettling?.(job, ledger);
      return settled.settle(job);
    },
  };
  const probeIntervalMs = options.probeIntervalMs ?? 60_000;
  const workerId = randomUUID();
  const account = openAccount({ workerId, ledger, provider, key, probeIntervalMs, log, now });
  const limits = { ...usualLimits, ...options.limits };
  const { generationTimeoutMs } = limits;
  const pace = openPollPace({ times: ledger.times, generationTimeoutMs, now, random: () => 0 });
  const unrecordedGenerations = newCounter();
  const agent = openOutboundAgent({ allowedOrigins: options.receivers ?? [] });
  opening.defer(() => agent.destroy());
  const signing = { agent, secrets: [testWebhookSecret], userAgent: 'video-proxy/test' };
  const webhooks = openWebhookCaller({ ...signing, timeoutMs: options.webhookTimeoutMs ?? 5_000 });
  const parts = {
    workerId,
    ledger,
    durability,
    steps,
    provider,
    account,
    pace,
    fetcher: {
      ...fetcher,
      async fetch(...args: Parameters<typeof fetcher.fetch>) {
        const outcome = await fetcher.fetch(...args);
        await options.afterFetch?.(args[0].jobId, outcome, ledger);
        return outcome;
      },
    },
    storage,
    webhooks,
    limits,
    unrecordedGenerations,
    log,
    now,
    random: () => 0,
  };
  opening.use(
    runWorker(parts, {
      version: '0.0.0',
      host: 'test-host',
      key,
      serve: (handlers) =>
        serveSteps({
          connection: blocking,
          namespace,
          handlers: { ...handlers, submit: endedBy(options.ending, handlers.submit) },
          concurrency: { submit: 4, poll: 20, store: 2, notify: 4 },
          onError: (error, about) => log.error({ err: error, ...about }, 'a step failed unexpectedly'),
        }),
    }),
  );

  const write = async (
    prompt: string,
    lifecycle: Lifecycle,
    model = 'google/veo-3.1-t2v',
    owner = 'client',
    parameters: JsonObject = {},
  ) => {
    const job = { ...newJob(prompt, lifecycle, model, owner), parameters };
    await ledger.jobs.create(job, null);
    return job;
  };
  const until = (job: VideoJob, condition: (job: VideoJob) => boolean) => waitFor(ledger, job, condition);
  const open = opening.move();
  return {
    ledger,
    steps,
    sandbox,
    storage,
    logLines,
    directory,
    async submit(prompt, model, owner, parameters) {
      const job = await write(prompt, { state: 'queued', queuedAtMs: now(), deferral: null }, model, owner, parameters);
      await steps.add('submit', { jobId: job.id, attempt: 1 });
      return job;
    },
    write: (prompt, lifecycle) => write(prompt, lifecycle),
    until,
    ended: (job) => until(job, ({ lifecycle }) => isTerminal(lifecycle.state)),
    [Symbol.asyncDispose]: () => open.disposeAsync(),
  };
}

function endedBy(ending: AbortSignal | undefined, submit: StepHandlers['submit']): StepHandlers['submit'] {
  if (ending === undefined) return submit;
  return (step, { signal }) => submit(step, { signal: AbortSignal.any([signal, ending]) });
}

function newJob(prompt: string, lifecycle: Lifecycle, model: string, owner: string): VideoJob {
  const createdAtMs = Date.now();
  return {
    id: newVideoJobId(createdAtMs),
    owner,
    provider: 'aimlapi',
    model,
    prompt,
    parameters: {},
    metadata: {},
    watchSecret: 'secret',
    requestId: 'req_test',
    createdAtMs,
    attempt: 1,
    lifecycle,
  };
}

/** Resolves with the job as soon as the ledger announces a change that fits; the test's own timeout is the bound. */
async function waitFor(ledger: Ledger, job: VideoJob, condition: (job: VideoJob) => boolean): Promise<VideoJob> {
  const { promise, resolve, reject } = Promise.withResolvers<VideoJob>();
  const look = () =>
    ledger.jobs.get(job.id).then((current) => {
      if (current !== null && condition(current)) resolve(current);
    }, reject);
  const unsubscribe = ledger.changes.subscribe(job.id, () => void look());
  try {
    await look();
    return await promise;
  } finally {
    unsubscribe();
  }
}
