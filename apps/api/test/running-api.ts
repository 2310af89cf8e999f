import { randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openCatalog } from '@video-proxy/aimlapi/catalog';
import { openFileStorage } from '@video-proxy/artifacts';
import type { CredentialRecord, VideoJob, VideoJobEvent } from '@video-proxy/core';
import { type Ledger, newVideoJobId, openLedger } from '@video-proxy/ledger';
import { openQueueBoard, openSteps, type Steps } from '@video-proxy/queue';
import { closeRedis, connectRedis, isRedisUnavailable, type RedisRole, untilReady } from '@video-proxy/redis';
import { openMetrics } from '@video-proxy/telemetry';
import { testNamespace, testRedisUrl } from '@video-proxy/testkit';
import { pino } from 'pino';
import { followAdmission } from '../src/admission.ts';
import type { AppSettings } from '../src/app.ts';
import { buildApp } from '../src/app.ts';
import { openInstallationView } from '../src/operators/installation.ts';
import { watchStorage } from '../src/storage-state.ts';

export const clientKey = 'key-of-alice';
export const otherKey = 'key-of-bob';
export const opsKey = 'key-of-the-operators';
export const opsReadKey = 'key-of-those-who-look';

export interface RunningApi extends AsyncDisposable {
  readonly url: string;
  readonly ledger: Ledger;
  readonly steps: Steps;
  /** Every log line so far, parsed. */
  readonly log: readonly Record<string, unknown>[];
  /** The same as text, to search for what must not be there. */
  readonly logText: () => string;
  readonly saveFile: (key: string, content: string) => Promise<void>;
  readonly hasFile: (key: string) => Promise<boolean>;
  /** A request with the first client's key unless another one, or null for none, is given. */
  call(method: string, path: string, options?: CallOptions): Promise<Response>;
  /** A minimal valid create; returns the job's id. */
  create(body?: Record<string, unknown>, headers?: Record<string, string>): Promise<string>;
  happen(id: string, ...events: readonly VideoJobEvent[]): Promise<VideoJob>;
  /** Ends the server as `main.ts` does, while the test goes on. */
  closeServer(): Promise<void>;
}

interface CallOptions {
  readonly body?: unknown;
  readonly key?: string | null;
  readonly headers?: Record<string, string>;
  readonly signal?: AbortSignal;
}

const ownCredential: CredentialRecord = {
  state: 'unchecked',
  fingerprint: '1f3a9c2e',
  sinceMs: 1_700_000_000_000,
  checkedAtMs: null,
  finding: null,
  evidence: null,
};

const testSettings: AppSettings = {
  version: '0.0.0-test',
  provider: 'aimlapi',
  clientKeys: new Map([
    ['alice', clientKey],
    ['bob', otherKey],
  ]),
  opsKey,
  opsReadKey,
  production: false,
  publicBaseUrl: null,
  defaultModel: 'sora-2',
  redirectsToStorage: false,
  temporaryDirectory: `${tmpdir()}/video-proxy-api-uploads`,
  allowedHosts: [],
  canSignWebhooks: true,
  clientWebhooks: new Map(),
  retentionMs: 30 * 86_400_000,
  holdMaxMs: 900_000,
  consoleDirectory: `${tmpdir()}/no-console`,
};

/** The real app with real adapters on the Redis of the test run, listening on a port of its own. */
export async function startApi(
  options: {
    settings?: Partial<AppSettings>;
    redisUrl?: string;
    steps?: Partial<Steps>;
    waitingJobsMax?: number;
    now?: () => number;
  } = {},
): Promise<RunningApi> {
  await using opening = new AsyncDisposableStack();
  const redisUrl = options.redisUrl ?? testRedisUrl();
  const connect = (role: RedisRole) => connectRedis(redisUrl, { role, onError: () => {} });
  const redis = opening.adopt(connect('request'), (connection) => closeRedis(connection));
  await untilReady(redis, 5_000);
  const namespace = testNamespace();
  const ledger = opening.use(openLedger({ redis, subscriber: () => connect('subscriber'), namespace }));
  const steps = opening.use(openSteps({ connection: redis, namespace, onError: () => {} }));
  const queueBoard = opening.use(openQueueBoard({ connection: redis, namespace, onError: () => {} }));
  const directory = opening.adopt(await mkdtemp(join(tmpdir(), 'video-proxy-api-')), (path) =>
    rm(path, { recursive: true, force: true }),
  );
  const storage = openFileStorage({ directory: `${directory}/files` });
  const lines: string[] = [];
  const now = options.now ?? Date.now;
  const log = pino({ level: 'debug' }, { write: (line: string) => void lines.push(line) });
  const waitingJobsMax = options.waitingJobsMax ?? 50_000;
  const admission = opening.use(
    followAdmission({ load: ledger.load, waitingJobsMax, isUnavailable: isRedisUnavailable, now, log }),
  );
  const storageState = watchStorage(storage, now);
  const app = await buildApp({
    ledger,
    admission,
    queueBoard,
    steps: { ...steps, ...options.steps },
    metrics: openMetrics({ process: 'api', version: '0.0.0-test', knownModel: () => null }),
    traceRequest: null,
    storage,
    storageState,
    look: openInstallationView({ ledger, steps, storageState, admission, ownCredential, now }),
    posterCards: openFileStorage({ directory: fileURLToPath(new URL('../assets', import.meta.url)) }),
    catalog: openCatalog(),
    settings: { ...testSettings, ...options.settings },
    ownCredential,
    isUnavailable: isRedisUnavailable,
    newVideoJobId,
    now,
    log,
  });
  opening.defer(() => app.close());
  const url = await app.listen({ port: 0, host: '127.0.0.1' });

  const call: RunningApi['call'] = (method, path, { body, key = clientKey, headers = {}, signal } = {}) =>
    fetch(url + path, {
      method,
      redirect: 'manual',
      headers: {
        ...(key === null ? {} : { authorization: `Bearer ${key}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      ...(signal === undefined ? {} : { signal }),
    });

  const opened = opening.move();
  return {
    url,
    ledger,
    steps,
    get log() {
      return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
    },
    logText: () => lines.join(''),
    async saveFile(key, content) {
      const path = join(directory, randomUUID());
      await writeFile(path, content);
      await storage.put(key, path);
    },
    hasFile: async (key) => (await storage.stat(key)) !== null,
    call,
    async create(body = {}, headers = {}) {
      const response = await call('POST', '/v1/jobs', { body: { ...newJob, ...body }, headers });
      const { id } = (await response.json()) as { id: string };
      return id;
    },
    async happen(id, ...events) {
      for (const event of events) await ledger.jobs.apply(id, event, Date.now());
      const job = await ledger.jobs.get(id);
      if (job === null) throw new Error(`${id} is gone`);
      return job;
    },
    closeServer: () => app.close(),
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  };
}

export const newJob = { model: 'google/veo-3.1-t2v', prompt: 'a red balloon over the sea' } as const;
