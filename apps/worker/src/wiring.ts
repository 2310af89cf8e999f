import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { type AimlapiOptions, type ApiKeySource, openAimlapi, openApiKey } from '@video-proxy/aimlapi';
import { documentedModels } from '@video-proxy/aimlapi/documented-models';
import { createArtifactFetcher, openStorage } from '@video-proxy/artifacts';
import { aimlapiBaseUrl, chooseProvider } from '@video-proxy/contracts';
import type { VideoProvider } from '@video-proxy/core';
import { checkStore, type DurabilityReports, openDurability, openLedger } from '@video-proxy/ledger';
import { openOutboundAgent, openWebhookCaller, type WebhookCaller } from '@video-proxy/outbound';
import { openSteps, serveSteps } from '@video-proxy/queue';
import { closeRedis, connectWithReports, isRedisUnavailable, type RedisRole, untilReady } from '@video-proxy/redis';
import {
  deliveryLines,
  jobLines,
  type Metrics,
  observed,
  observedDeliveries,
  openMetrics,
  openMetricsServer,
  openTraces,
  type Traces,
} from '@video-proxy/telemetry';
import type { Logger } from 'pino';
import packageJson from '../package.json' with { type: 'json' };
import { openAccount } from './account.ts';
import type { WorkerConfig } from './config.ts';
import { newCounter } from './counter.ts';
import { openPollPace } from './poll-pace.ts';
import { runWorker } from './run-worker.ts';

/** All keys of an installation stand under this hash tag. */
const namespace = 'vp';
/**
 * Of one result file. The largest documented videos are some hundred megabytes; the time is generous for a slow link, and
 * no longer than the shortest recorded life of one.
 */
const downloadLimits = { sizeBytesMax: 2_000_000_000, timeoutMs: 600_000, idleTimeoutMs: 30_000 };

const webhookTimeoutMs = 15_000;

/** The longest a timer can run: without Redis there is nothing else to do. */
const redisPatienceMs = 2_147_483_647;

/** Opens everything a worker needs, in order, and lets it work; disposing closes in reverse. Waits for Redis. */
export async function openWorker(
  config: WorkerConfig,
  operatorsKey: ApiKeySource,
  log: Logger,
): Promise<AsyncDisposable> {
  await using opening = new AsyncDisposableStack();
  // Not the catalog: the compiler that checks requests takes 30 MB, and a worker checks none.
  const models = new Set(documentedModels().map(({ id }) => id));
  const { version } = packageJson;
  const metrics = openMetrics({
    process: 'worker',
    version,
    knownModel: (model) => (models.has(model) ? model : null),
  });
  const now = Date.now;
  const traces = opening.use(await openTraces({ process: 'worker', version, settings: config.traces, log, now }));
  await listenForScrapes(opening, config, metrics, log);
  const { provider, key, baseUrl } = await openProvider(opening, config, operatorsKey, { metrics, traces });
  if (provider.name === 'sandbox') log.warn({ baseUrl }, 'PROVIDER is sandbox: videos are simulated and cost nothing');

  const redisOf = (role: RedisRole) =>
    connectWithReports(config.redisUrl, role, {
      away: (error) => log.error({ err: error, role }, 'Redis is away; trying again until it is back'),
      back: () => log.info({ role }, 'Redis is back'),
    });
  const redis = opening.adopt(redisOf('request'), (connection) => closeRedis(connection));
  await untilReady(redis, redisPatienceMs);
  const records = opening.use(openLedger({ redis, subscriber: () => redisOf('subscriber'), namespace }));
  const ledger = {
    ...records,
    jobs: observed(records.jobs, [metrics.jobs, traces.jobs, jobLines(log)]),
    deliveries: observedDeliveries(records.deliveries, [metrics.deliveries, deliveryLines(log)]),
  };
  const { production } = config;
  await checkStore({ persistence: ledger.persistence, production, warn: (finding) => log.warn(finding) });
  const steps = openSteps({ connection: redis, namespace, onError: (error) => log.error({ err: error }, 'queue') });
  opening.defer(() => steps.close());

  const storage = openStorage(config.storageUrl, config.s3);
  const temporaryDirectory = join(config.dataDirectory, 'tmp');
  const allowedOrigins = [new URL(baseUrl).origin];
  const fetcher = opening.use(
    createArtifactFetcher({
      storage,
      temporaryDirectory,
      limits: downloadLimits,
      searchPath: config.searchPath,
      allowedOrigins,
      allowedHosts: config.allowedHosts,
    }),
  );

  const waiting = opening.adopt(redisOf('blocking'), (connection) => closeRedis(connection));
  await untilReady(waiting, redisPatienceMs);
  const durability = openDurability({ connection: waiting, namespace, now, reports: durabilityReports(log) });
  const { probeIntervalMs, limits, concurrency } = config;
  // With the host's name in front a container finds its own worker, and a person the machine.
  const workerId = `${hostname()}.${randomUUID()}`;
  const account = openAccount({ workerId, ledger, provider, key, probeIntervalMs, log, now });
  const { generationTimeoutMs } = limits;
  const pace = openPollPace({ times: ledger.times, generationTimeoutMs, now, random: Math.random });
  const unrecordedGenerations = newCounter();
  const parts = {
    workerId,
    ledger,
    durability,
    steps,
    provider,
    account,
    pace,
    fetcher: traces.traceFetches(metrics.countFetches(fetcher, now)),
    storage,
    webhooks: openWebhooks(opening, config, traces),
    limits,
    unrecordedGenerations,
    log,
    now,
    random: Math.random,
  };
  const connection = opening.adopt(redisOf('blocking'), (blocking) => closeRedis(blocking));
  opening.use(
    runWorker(parts, {
      version,
      host: hostname(),
      key: { current: key.current, source: provider.name === 'sandbox' ? 'sandbox' : key.source },
      serve: (handlers) =>
        serveSteps({
          connection,
          namespace,
          handlers: traces.traceSteps(handlers),
          concurrency,
          // The connection says itself that Redis is away, and every step that was in hand then is repeated.
          onError: (error, about) =>
            isRedisUnavailable(error)
              ? log.warn({ finding: error.message, ...about }, 'a step was interrupted: Redis is away')
              : log.error({ err: error, ...about }, 'a step failed unexpectedly'),
        }),
    }),
  );
  log.info({ provider: provider.name, concurrency }, 'Worker ready');
  return opening.move();
}

function openWebhooks(
  opening: AsyncDisposableStack,
  { webhookSecrets: secrets, allowedHosts }: WorkerConfig,
  traces: Traces,
): WebhookCaller | null {
  if (secrets.length === 0) return null;
  const agent = openOutboundAgent({ allowedOrigins: [], allowedHosts });
  opening.defer(() => agent.destroy());
  const userAgent = `video-proxy/${packageJson.version}`;
  return traces.traceWebhooks(openWebhookCaller({ agent, secrets, userAgent, timeoutMs: webhookTimeoutMs }));
}

function durabilityReports(log: Logger): DurabilityReports {
  return {
    unsettled: () => log.error('Redis does not confirm that a replica or its disk has a write: nothing is submitted'),
    settledAgain: () => log.info('Redis confirms writes again: submissions go on'),
  };
}

/** Before Redis is waited for: that it is away is what an operator wants to see then. */
async function listenForScrapes(
  opening: AsyncDisposableStack,
  { metricsPort, opsKeys: keys, production }: WorkerConfig,
  { expose }: Metrics,
  log: Logger,
): Promise<void> {
  if (metricsPort === null) return;
  if (keys.length === 0 && production) {
    log.warn(
      'WORKER_METRICS_PORT is set, but there is no OPS_KEY or OPS_READ_KEY to protect it: the metrics are not served',
    );
    return;
  }
  const { port } = opening.use(await openMetricsServer({ port: metricsPort, keys, expose }));
  log.info({ port }, 'metrics are served at /metrics');
}

interface OpenProvider {
  readonly provider: VideoProvider;
  /** The key that is sent: the operator's, or the sandbox's own. */
  readonly key: ApiKeySource;
  readonly baseUrl: string;
}

/** The provider of this installation. A sandbox without an address of its own lives in this process. */
async function openProvider(
  opening: AsyncDisposableStack,
  config: WorkerConfig,
  operatorsKey: ApiKeySource,
  { metrics, traces }: { readonly metrics: Metrics; readonly traces: Traces },
): Promise<OpenProvider> {
  const name = chooseProvider(config.providerChoice, operatorsKey.current().inspection.state === 'missing');
  const { key, baseUrl } =
    name === 'sandbox'
      ? await openSandbox(opening, config)
      : { key: operatorsKey, baseUrl: config.aimlapiBaseUrl ?? aimlapiBaseUrl };
  const tellTraces = traces.providerCalls(baseUrl);
  const onCall: AimlapiOptions['onCall'] = (call) => {
    metrics.providerCalled(call);
    tellTraces(call);
  };
  const provider = openAimlapi({ name, baseUrl, apiKey: () => key.current().value, onCall });
  opening.defer(() => provider.close());
  return { provider, key, baseUrl };
}

async function openSandbox(
  opening: AsyncDisposableStack,
  { dataDirectory, aimlapiBaseUrl: elsewhere }: WorkerConfig,
): Promise<Pick<OpenProvider, 'key' | 'baseUrl'>> {
  // A server and the videos in it take 10 MB, so they are loaded only where they are wanted.
  const { sandboxApiKey, startSandbox } = await import('@video-proxy/sandbox');
  const journalPath = join(dataDirectory, 'sandbox', 'journal.jsonl');
  const baseUrl = elsewhere ?? opening.use(await startSandbox({ journalPath })).url;
  return { key: openApiKey({ value: sandboxApiKey }), baseUrl };
}
