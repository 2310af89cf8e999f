import type { VideoJobWire } from '@video-proxy/contracts';
import type { Lifecycle, VideoJob } from '@video-proxy/core';
import { type Ledger, newVideoJobId, openLedger } from '@video-proxy/ledger';
import { openSteps, type Steps } from '@video-proxy/queue';
import { closeRedis, connectRedis, type RedisRole, untilReady } from '@video-proxy/redis';
import { type Sandbox, sandboxApiKey } from '@video-proxy/sandbox';
import type { InstallationEvent, LoggedEvent } from '@video-proxy/telemetry';
import { startWebhookReceiver, type WebhookReceiver } from '@video-proxy/testkit';
import { vi } from 'vitest';
import { type Api, startInstallation } from '../installation.ts';

export type Line = Readonly<Record<string, unknown>>;

/** One installation on which all stories are played, and its log. */
export interface Stage extends AsyncDisposable {
  readonly api: Api;
  readonly sandbox: Sandbox;
  readonly ledger: Ledger;
  readonly steps: Steps;
  /** Receivers of webhooks, by what they answer: yes; not now, and then yes; never again. */
  readonly receivers: Readonly<Record<'taking' | 'hesitant' | 'gone', WebhookReceiver>>;
  readonly patience: { readonly timeout: number; readonly interval: number };
  create(requestId: string, words?: string, extra?: object): Promise<VideoJobWire>;
  order(path: string, method?: string, body?: object): Promise<void>;
  /** A record as an earlier run left it behind. */
  leave(requestId: string, lifecycle: Lifecycle): Promise<VideoJob>;
  /** A generation at the provider that no job knows yet. */
  generate(words: string): Promise<string>;
  /** Ends the worker and starts another one with other settings. */
  replaceWorker(changes: Readonly<Record<string, string>>): Promise<void>;
  /** A moment in the log. */
  mark(): string;
  /** The lines of events about the job that a request created. */
  linesOf(requestId: string): Line[];
  /** A line of this event, about the job of this request, or after this moment about everybody. */
  untilLine(event: LoggedEvent | InstallationEvent, where: string | { readonly requestId: string }): Promise<Line>;
}

export async function openStage(): Promise<Stage> {
  await using opening = new AsyncDisposableStack();
  const receiver = async (first: number, then = first) => {
    const started = opening.use(await startWebhookReceiver());
    started.answer((response) => void response.writeHead(started.calls.length === 1 ? first : then).end());
    return started;
  };
  const [taking, hesitant, gone] = await Promise.all([receiver(200), receiver(503, 200), receiver(410)]);
  const installation = opening.use(
    await startInstallation({
      WEBHOOK_SECRET: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
      OUTBOUND_ALLOWED_HOSTS: [taking, hesitant, gone].map(({ url }) => new URL(url).host).join(','),
    }),
  );
  const { sandbox } = installation;
  const [api, worker] = await Promise.all([installation.startApi({ LOG_LEVEL: 'debug' }), installation.startWorker()]);
  const workers = [worker];
  const records = await openRecords(opening, installation.redis.url);

  const headers = { 'content-type': 'application/json' };
  const send = (path: string, method: string, body: object, more: object = {}) =>
    fetch(`${api.url}${path}`, { method, headers: { ...headers, ...more }, body: JSON.stringify(body) });
  const lines = () =>
    [api.process, ...workers]
      .flatMap(({ stdout }) => stdout)
      .filter((text) => text.startsWith('{'))
      .map((text) => JSON.parse(text) as Line)
      .filter(({ event }) => event !== undefined);
  const linesOf = (requestId: string) =>
    lines().filter((line) => line['requestId'] === requestId && line['jobId'] !== undefined);
  const patience = { timeout: 60_000, interval: 100 };
  const open = opening.move();

  return {
    api,
    sandbox,
    ...records,
    receivers: { taking, hesitant, gone },
    patience,
    async create(requestId, words = '', extra = {}) {
      const wanted = { model: 'google/veo-3.1-t2v', prompt: `a kite ${words}`, parameters: { duration: 4 }, ...extra };
      const response = await send('/v1/jobs', 'POST', wanted, { 'x-request-id': requestId });
      if (response.status !== 202) throw new Error(`${response.status}: ${await response.text()}`);
      return (await response.json()) as VideoJobWire;
    },
    async order(path, method = 'POST', body = {}) {
      const response = await send(path, method, body);
      if (!response.ok) throw new Error(`${response.status}: ${await response.text()}`);
    },
    async leave(requestId, lifecycle) {
      const job = recordOf(requestId, lifecycle);
      await records.ledger.jobs.create(job, null);
      return job;
    },
    async generate(words) {
      const response = await fetch(`${sandbox.url}/v2/video/generations`, {
        method: 'POST',
        headers: { ...headers, authorization: `Bearer ${sandboxApiKey}` },
        body: JSON.stringify({ model: 'google/veo-3.1-t2v', prompt: `a kite [sandbox:${words}]` }),
      });
      return ((await response.json()) as { id: string }).id;
    },
    async replaceWorker(changes) {
      await workers.at(-1)?.close();
      workers.push(await installation.startWorker(changes));
    },
    mark: () => new Date().toISOString(),
    linesOf,
    untilLine(event, where) {
      const candidates = () =>
        typeof where === 'string' ? lines().filter(({ time }) => String(time) >= where) : linesOf(where.requestId);
      return vi.waitFor(() => {
        const found = candidates().find((line) => line['event'] === event);
        if (found === undefined) throw new Error(`no line ${event}`);
        return found;
      }, patience);
    },
    [Symbol.asyncDispose]: () => open.disposeAsync(),
  };
}

/** The job store of the installation, to put into it what an earlier run might have left there. */
async function openRecords(opening: AsyncDisposableStack, redisUrl: string): Promise<{ ledger: Ledger; steps: Steps }> {
  const connect = (role: RedisRole) => connectRedis(redisUrl, { role, onError: () => undefined });
  const redis = opening.adopt(connect('request'), (connection) => closeRedis(connection));
  await untilReady(redis, 5_000);
  const namespace = 'vp';
  const ledger = opening.use(openLedger({ redis, subscriber: () => connect('subscriber'), namespace }));
  return { ledger, steps: opening.use(openSteps({ connection: redis, namespace, onError: () => undefined })) };
}

function recordOf(requestId: string, lifecycle: Lifecycle): VideoJob {
  const createdAtMs = Date.now();
  return {
    id: newVideoJobId(createdAtMs),
    owner: 'local',
    provider: 'aimlapi',
    model: 'google/veo-3.1-t2v',
    prompt: 'a kite',
    parameters: {},
    metadata: {},
    watchSecret: 'secret',
    requestId,
    createdAtMs,
    attempt: 1,
    lifecycle,
  };
}
