import { createHash } from 'node:crypto';
import { startWebhookReceiver, type WebhookReceiver } from '@video-proxy/testkit';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { type Api, type OwnRedisInstallation, providerKey, startInstallation } from './installation.ts';
import { type OtlpReceiver, type ReceivedSpan, startOtlpReceiver } from './otlp-receiver.ts';

const clientKey = 'client-key-of-the-traces-test';
const collectorKey = 'collector-key-of-the-traces-test';
const secretPrompt = 'a lighthouse above Zanzibar';
const client = { authorization: `Bearer ${clientKey}` };
const callersTrace = { traceId: '0af7651916cd43dd8448eb211c80319c', spanId: 'b7ad6b7169203331' };
const inTime = { timeout: 20_000, interval: 50 };

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const traceIdOf = (jobId: string) => sha256(jobId).slice(0, 32);

describe('with a collector', { timeout: 60_000 }, () => {
  let collector: OtlpReceiver;
  let receiver: WebhookReceiver;
  let installation: OwnRedisInstallation;
  let api: Api;

  beforeAll(async () => {
    [collector, receiver] = await Promise.all([startOtlpReceiver(), startWebhookReceiver()]);
    installation = await startInstallation({
      CLIENT_KEYS: `ann=${clientKey}`,
      WEBHOOK_SECRET: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwtest',
      CLIENT_WEBHOOKS: `ann=${receiver.url}/hook?token=token-of-a-receiver`,
      OUTBOUND_ALLOWED_HOSTS: new URL(receiver.url).host,
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
      OTEL_EXPORTER_OTLP_HEADERS: `authorization=Bearer%20${collectorKey}`,
    });
    api = await installation.startApi();
  }, 60_000);

  afterAll(async () => {
    await installation[Symbol.asyncDispose]();
    await receiver[Symbol.asyncDispose]();
    await collector[Symbol.asyncDispose]();
  });

  const spansOf = (jobId: string) =>
    collector.spans.filter(({ traceId }) => traceId === traceIdOf(jobId)).toSorted((a, b) => a.beganAtMs - b.beganAtMs);
  const named = (spans: readonly ReceivedSpan[], name: string) => {
    const [found, ...others] = spans.filter((span) => span.name === name);
    expect([name, found === undefined, others.length]).toEqual([name, false, 0]);
    return found as ReceivedSpan;
  };

  test('a job is one trace from the request to the stored file and the webhook, across the processes', async () => {
    await using worker = await installation.startWorker();
    const traceparent = `00-${callersTrace.traceId}-${callersTrace.spanId}-00`;
    const { id } = await api.create(secretPrompt, { ...client, traceparent });
    const job = await api.ended(id, client);
    expect(job.status).toBe('completed');
    await vi.waitFor(() => {
      expect(spansOf(id).map(({ name }) => name)).toEqual(
        expect.arrayContaining(['POST /v1/jobs', 'video job', 'webhook']),
      );
    }, inTime);

    const spans = spansOf(id);
    const root = named(spans, 'POST /v1/jobs');
    const attempt = named(spans, 'video job');
    expect(root).toMatchObject({ parentSpanId: null, links: [callersTrace], error: null });
    expect(root.resource).toMatchObject({ 'service.name': 'video-proxy', 'video_proxy.process': 'api' });
    expect(root.attributes).toMatchObject({ 'http.route': '/v1/jobs', 'http.response.status_code': 202 });
    expect(attempt).toMatchObject({ parentSpanId: root.spanId, error: null });
    expect(attempt.attributes).toMatchObject({
      'video_proxy.job.id': id,
      'video_proxy.job.state': 'completed',
      'video_proxy.model': 'google/veo-3.1-t2v',
    });
    expect(named(spans, 'webhook').parentSpanId).toBe(root.spanId);

    const within = spans.filter(({ parentSpanId }) => parentSpanId === attempt.spanId);
    const names = within.map(({ name }) => name);
    expect(new Set(names)).toEqual(
      new Set(['queued', 'submitting', 'provider create', 'generating', 'provider poll', 'storing', 'fetch video']),
    );
    expect(spans.length).toBe(within.length + 3);
    for (const span of within) {
      expect(span.resource).toMatchObject({ 'video_proxy.process': 'worker' });
      expect(span.beganAtMs).toBeGreaterThanOrEqual(attempt.beganAtMs);
      expect(span.endedAtMs).toBeLessThanOrEqual(attempt.endedAtMs);
    }
    const phases = ['queued', 'submitting', 'storing'].map((name) => named(spans, name));
    expect(phases.toSorted((a, b) => a.endedAtMs - b.endedAtMs)).toEqual(phases);
    expect(named(spans, 'provider create').attributes).toMatchObject({
      'http.request.method': 'POST',
      'http.response.status_code': 200,
      'server.address': '127.0.0.1',
      'video_proxy.provider.request_id': expect.stringMatching(/./),
    });
    expect(named(spans, 'submitting').attributes['video_proxy.generation_id']).toEqual(expect.stringMatching(/./));
    expect(Number(named(spans, 'fetch video').attributes['video_proxy.fetch.bytes'])).toBe(job.video?.bytes);
    const lines = [...api.process.stdout, ...worker.stdout].filter((line) => line.includes(id));
    expect(lines.some((line) => line.includes(`"trace_id":"${traceIdOf(id)}"`))).toBe(true);
  });

  test('a failed job says its code, and the request that cancels one is in its trace', async () => {
    const { id: cancelled } = await api.create('a kite', client);
    await fetch(`${api.url}/v1/jobs/${cancelled}/cancel`, { method: 'POST', headers: client });
    await vi.waitFor(() => expect(spansOf(cancelled).length).toBe(4), inTime);
    const spans = spansOf(cancelled);
    const root = named(spans, 'POST /v1/jobs');
    expect(named(spans, 'POST /v1/jobs/:id/cancel').parentSpanId).toBe(root.spanId);
    expect(named(spans, 'video job').attributes).toMatchObject({ 'video_proxy.job.state': 'cancelled' });

    await using _worker = await installation.startWorker();
    const { id } = await api.create('[sandbox:moderation] a kite', client);
    await api.ended(id, client);
    await vi.waitFor(() => expect(spansOf(id).map(({ name }) => name)).toContain('video job'), inTime);
    expect(named(spansOf(id), 'video job')).toMatchObject({
      error: 'content_rejected',
      attributes: { 'error.type': 'content_rejected' },
    });
  });

  test('a worker that is killed leaves one trace all the same', async () => {
    const first = await installation.startWorker();
    const { id } = await api.create('a kite [sandbox:slow=3]', client);
    await vi.waitFor(() => expect(spansOf(id).map(({ name }) => name)).toContain('submitting'), inTime);
    first.signal('SIGKILL');
    await first.exited;
    await using _second = await installation.startWorker();
    expect((await api.ended(id, client)).status).toBe('completed');
    await vi.waitFor(() => expect(spansOf(id).map(({ name }) => name)).toContain('video job'), inTime);
    const spans = spansOf(id);
    const known = new Set<string | null>([null, ...spans.map(({ spanId }) => spanId)]);
    expect(spans.filter(({ parentSpanId }) => !known.has(parentSpanId))).toEqual([]);
    expect(spans.filter(({ parentSpanId }) => parentSpanId === null).length).toBe(1);
    const workers = spans.filter(({ resource }) => resource['video_proxy.process'] === 'worker');
    expect(new Set(workers.map(({ resource }) => resource['process.pid'])).size).toBe(2);
  });

  test('no key, prompt or link is in what the collector gets, and its own key is in no log', async () => {
    expect(collector.authorizations).toEqual(new Set([`Bearer ${collectorKey}`]));
    expect(collector.text()).toContain('"provider create"');
    expect(collector.text()).not.toMatch(
      new RegExp([clientKey, providerKey, secretPrompt, 'token-of-a-receiver', '\\.mp4', 'kite'].join('|')),
    );
    expect([...api.process.stdout, ...api.process.stderr].join('\n')).not.toContain(collectorKey);
  });

  test('a collector that refuses is said once, and once when it takes traces again; jobs are made all the same', async () => {
    await using worker = await installation.startWorker();
    collector.answer(401);
    for (const prompt of ['first', 'second']) {
      const { id } = await api.create(prompt, client);
      expect((await api.ended(id, client)).status).toBe('completed');
    }
    await worker.waitForLine(/does not take traces/);
    collector.answer(200);
    const { id } = await api.create('third', client);
    await worker.waitForLine(/takes traces again/);
    await vi.waitFor(() => expect(spansOf(id).map(({ name }) => name)).toContain('video job'), inTime);
    const complaints = worker.stdout.filter((line) => line.includes('does not take traces'));
    expect(complaints.length).toBe(1);
    expect(complaints[0]).toContain('"finding":"it answered 401"');

    await collector[Symbol.asyncDispose]();
    const { id: last } = await api.create('fourth', client);
    expect((await api.ended(last, client)).status).toBe('completed');
    expect((await worker.close()).code).toBe(0);
  });
});

test('a job that is not sampled is in no trace, and its lines name none', { timeout: 60_000 }, async () => {
  await using collector = await startOtlpReceiver();
  await using installation = await startInstallation({
    OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
    OTEL_TRACES_SAMPLER: 'traceidratio',
    OTEL_TRACES_SAMPLER_ARG: '0',
  });
  const [api, worker] = await Promise.all([installation.startApi(), installation.startWorker()]);
  const { id } = await api.create('a kite');
  expect((await api.ended(id)).status).toBe('completed');
  const closed = await Promise.all([api.process.close(), worker.close()]);
  expect(closed.map(({ code }) => code)).toEqual([0, 0]);
  expect(collector.spans).toEqual([]);
  const lines = [...api.process.stdout, ...worker.stdout].filter((line) => line.includes(id));
  expect(lines.length).toBeGreaterThan(0);
  expect(lines.filter((line) => line.includes('trace_id'))).toEqual([]);
});

describe("OpenTelemetry's code", { timeout: 60_000 }, () => {
  // Says every module of it that is loaded.
  const preload = `import { registerHooks } from 'node:module';
    registerHooks({ resolve(name, context, next) {
      if (name.startsWith('@opentelemetry/')) console.log('loaded ' + name);
      return next(name, context);
    } });`;
  const watch = `data:text/javascript,${encodeURIComponent(preload)}`;

  test.each([
    ['is not loaded without an endpoint', {}, false],
    ['is loaded with one', { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9' }, true],
  ])('%s', async (_, settings: Record<string, string>, isLoaded) => {
    await using installation = await startInstallation({ NODE_OPTIONS: `--import ${watch}`, ...settings });
    const [api, worker] = await Promise.all([installation.startApi(), installation.startWorker()]);
    const { id } = await api.create('a kite');
    expect((await api.ended(id)).status).toBe('completed');
    for (const { stdout } of [api.process, worker]) {
      const exporter = stdout.filter((line) => /^loaded @opentelemetry\/(sdk|exporter|resources)/.test(line));
      expect(exporter.length > 0).toBe(isLoaded);
    }
  });
});
