import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { ApiKeySource, CurrentApiKey } from '@video-proxy/aimlapi/api-key';
import { openCatalog } from '@video-proxy/aimlapi/catalog';
import { openFileStorage, openStorage } from '@video-proxy/artifacts';
import { aimlapiBaseUrl, chooseProvider } from '@video-proxy/contracts';
import type { CredentialRecord, ProviderName } from '@video-proxy/core';
import { checkStore, newVideoJobId, openLedger } from '@video-proxy/ledger';
import { openQueueBoard, openSteps } from '@video-proxy/queue';
import { closeRedis, connectWithReports, isRedisUnavailable, type RedisRole, untilReady } from '@video-proxy/redis';
import { jobLines, observed, openMetrics, openTraces } from '@video-proxy/telemetry';
import type { Logger } from 'pino';
import packageJson from '../package.json' with { type: 'json' };
import { followAdmission } from './admission.ts';
import { buildApp } from './app.ts';
import type { ApiConfig } from './config.ts';
import { followLiveModels } from './live-models.ts';
import { metricsSource } from './metrics-source.ts';
import { openInstallationView } from './operators/installation.ts';
import { watchIncidents } from './operators/watch-incidents.ts';
import { watchStorage } from './storage-state.ts';

/** All keys of an installation stand under this hash tag. */
const namespace = 'vp';
const consoleDirectory = fileURLToPath(new URL('../../console/dist', import.meta.url));
const posterCardsDirectory = fileURLToPath(new URL('../assets', import.meta.url));
/** Redis next door, or a Sentinel that has to be asked first, is there within this; without it the API listens and answers 503. */
const redisPatienceMs = 2_000;
const tellTimeoutMs = 5_000;

export interface RunningApi extends AsyncDisposable {
  readonly port: number;
  /** Rejects with an UnsafeStoreError, perhaps long after the start: Redis may come up later. */
  readonly storeChecked: Promise<void>;
}

/** Opens everything the API needs, in order, and listens; disposing closes in reverse. Does not wait for Redis. */
export async function openApi(config: ApiConfig, key: ApiKeySource, log: Logger): Promise<RunningApi> {
  await using opening = new AsyncDisposableStack();
  const redisOf = (role: RedisRole) =>
    connectWithReports(config.redisUrl, role, {
      away: (error) => log.error({ err: error, role }, 'Redis is away; trying again until it is back'),
      back: () => log.info({ role }, 'Redis is back'),
    });
  const redis = opening.adopt(redisOf('request'), (connection) => closeRedis(connection));
  const opened = opening.use(openLedger({ redis, subscriber: () => redisOf('subscriber'), namespace }));
  const catalog = openCatalog();
  const now = Date.now;
  const storage = openStorage(config.storageUrl, config.s3);
  const onError = (error: Error) => log.warn({ err: error }, 'queue');
  const steps = openSteps({ connection: redis, namespace, onError });
  opening.defer(() => steps.close());
  const queueBoard = opening.use(openQueueBoard({ connection: redis, namespace, onError }));
  const current = key.current();
  const provider = chooseProvider(config.providerChoice, current.inspection.state === 'missing');
  const ownCredential = credentialOf(provider, current, now());
  const admission = opening.use(
    followAdmission({ ...config, load: opened.load, isUnavailable: isRedisUnavailable, now, log }),
  );
  const storageState = watchStorage(storage, now);
  const look = openInstallationView({ ledger: opened, steps, storageState, admission, ownCredential, now });
  const { version } = packageJson;
  const metrics = openMetrics({
    process: 'api',
    version,
    knownModel: (model) => catalog.find(model)?.id ?? null,
    installation: metricsSource({
      look,
      steps,
      deliveries: opened.deliveries,
      storageState,
      storageUrl: config.storageUrl,
    }),
  });
  const traces = opening.use(await openTraces({ process: 'api', version, settings: config.traces, log, now }));
  const ledger = { ...opened, jobs: observed(opened.jobs, [metrics.jobs, traces.jobs, jobLines(log)]) };
  const ready = untilReady(redis, redisPatienceMs).then(
    () => true,
    () => false,
  );
  const { production } = config;
  const storeChecked = ready.then(() =>
    checkStore({ persistence: ledger.persistence, production, warn: (finding) => log.warn(finding) }),
  );
  // Whoever waits for it hears of it; until then it must not count as an error that nobody looks at.
  storeChecked.catch(() => undefined);

  const app = await buildApp({
    ledger,
    steps,
    queueBoard,
    admission,
    storage,
    storageState,
    look,
    metrics,
    traceRequest: traces.traceRequest,
    posterCards: openFileStorage({ directory: posterCardsDirectory }),
    catalog,
    settings: { ...config, version, provider, consoleDirectory },
    ownCredential,
    isUnavailable: isRedisUnavailable,
    newVideoJobId,
    now,
    log,
  });
  opening.defer(() => app.close());
  if (await ready) await Promise.race([storeChecked, pause(redisPatienceMs)]);
  await app.listen({ port: config.port, host: config.host });
  const tell = await openTelling(opening, config);
  const { publicBaseUrl } = config;
  const watched = { ledger, look, tell, publicBaseUrl, isUnavailable: isRedisUnavailable, log, now };
  opening.use(watchIncidents(watched));
  // After listening, because the HTTP client takes its time to load. The sandbox lists a few models only.
  if (provider === 'aimlapi' && current.value !== null) {
    const { openAimlapi } = await import('@video-proxy/aimlapi');
    const baseUrl = config.aimlapiBaseUrl ?? aimlapiBaseUrl;
    const aimlapi = opening.use(
      openAimlapi({ name: provider, baseUrl, apiKey: () => key.current().value, onCall: metrics.providerCalled }),
    );
    opening.use(followLiveModels({ list: aimlapi.listModels, refresh: catalog.refresh, log }));
  }
  const running = opening.move();
  const address = app.addresses()[0];
  return {
    port: typeof address === 'object' ? address.port : config.port,
    storeChecked,
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}

/** How operators are told of incidents: null when nobody wants to be. The HTTP client takes its time to load. */
async function openTelling(opening: AsyncDisposableStack, { opsWebhookUrl, allowedHosts }: ApiConfig) {
  if (opsWebhookUrl === null) return null;
  const { openOutboundAgent, postJson } = await import('@video-proxy/outbound');
  const agent = openOutboundAgent({ allowedOrigins: [], allowedHosts });
  opening.defer(() => agent.destroy());
  return async (text: string, signal: AbortSignal): Promise<string | null> => {
    const post = { url: opsWebhookUrl, body: JSON.stringify({ text }), timeoutMs: tellTimeoutMs };
    const answer = await postJson(agent, post, signal);
    if (answer.kind === 'unreached') return answer.finding;
    return answer.statusCode < 300 ? null : `status ${answer.statusCode}`;
  };
}

/** What can be said about the account from the key alone, before a worker has asked the provider. */
function credentialOf(
  provider: ProviderName,
  { inspection, fingerprint, finding, said }: CurrentApiKey,
  sinceMs: number,
): CredentialRecord {
  const unchecked = { sinceMs, checkedAtMs: null, evidence: null };
  // The sandbox has a key of its own, which no operator has to care about.
  if (provider === 'sandbox') return { ...unchecked, state: 'unchecked', fingerprint: null, finding: null };
  const state = inspection.state === 'loaded' ? 'unchecked' : inspection.state;
  return { ...unchecked, state, fingerprint, finding, said };
}
