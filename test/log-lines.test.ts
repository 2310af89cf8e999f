import { readFileSync } from 'node:fs';
import type { VideoJobWire } from '@video-proxy/contracts';
import { eventLines, type LoggedEvent } from '@video-proxy/telemetry';
import { startWebhookReceiver, type WebhookReceiver } from '@video-proxy/testkit';
import type { SpawnedProcess } from '@video-proxy/testkit/processes';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { type Api, type Installation, startInstallation } from './installation.ts';

type Line = Readonly<Record<string, unknown>>;

const inTime = { timeout: 60_000, interval: 100 };
const json = { 'content-type': 'application/json' };
const levelNumbers = { debug: 20, info: 30, warn: 40, error: 50 };

test('docs/operations.md names every event of the log with its level', () => {
  const operations = readFileSync(new URL('../docs/operations.md', import.meta.url), 'utf8');
  const [, logs = ''] = operations.split('\n## Logs\n');
  const rows = [...(logs.split('\n## ')[0] ?? '').matchAll(/^\| `(\w+)` \| (debug|info|warn|error) \|/gm)];
  const documented = rows.map(([, event, level]) => [event, level]);
  expect(documented).toEqual(Object.entries(eventLines).map(([event, [level]]) => [event, level]));
});

describe('each event of a job is one line with its ids', { timeout: 180_000 }, () => {
  let receiver: WebhookReceiver;
  let installation: Installation;
  let api: Api;
  let worker: SpawnedProcess;

  beforeAll(async () => {
    receiver = await startWebhookReceiver();
    installation = await startInstallation({
      WEBHOOK_SECRET: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
      OUTBOUND_ALLOWED_HOSTS: new URL(receiver.url).host,
    });
    api = await installation.startApi({ LOG_LEVEL: 'debug' });
    worker = await installation.startWorker();
  }, 90_000);

  afterAll(async () => {
    await installation[Symbol.asyncDispose]();
    await receiver[Symbol.asyncDispose]();
  });

  async function create(prompt: string, requestId: string, extra: object = {}): Promise<VideoJobWire> {
    const body = JSON.stringify({ model: 'google/veo-3.1-t2v', prompt, parameters: { duration: 4 }, ...extra });
    const headers = { ...json, 'x-request-id': requestId };
    const response = await fetch(`${api.url}/v1/jobs`, { method: 'POST', headers, body });
    return (await response.json()) as VideoJobWire;
  }

  const order = (path: string, method = 'POST', body: object = {}) =>
    fetch(`${api.url}${path}`, { method, headers: json, body: JSON.stringify(body) });

  const linesAbout = ({ id }: VideoJobWire): Line[] =>
    [...api.process.stdout, ...worker.stdout]
      .filter((text) => text.startsWith('{'))
      .map((text) => JSON.parse(text) as Line)
      .filter(({ event, jobId }) => event !== undefined && jobId === id)
      .toSorted((a, b) => String(a['time']).localeCompare(String(b['time'])));

  /** Waits until exactly these events stand in the log, and looks at what each says. */
  async function expectEvents(job: VideoJobWire, requestId: string, events: readonly LoggedEvent[]): Promise<Line[]> {
    const sorted = events.toSorted();
    await vi.waitFor(() => {
      expect(
        linesAbout(job)
          .map(({ event }) => event)
          .toSorted(),
      ).toEqual(sorted);
    }, inTime);
    const lines = linesAbout(job);
    for (const line of lines) {
      const event = line['event'] as LoggedEvent;
      expect(line, event).toMatchObject({ requestId, level: levelNumbers[eventLines[event][0]] });
    }
    return lines;
  }

  const lineOf = (lines: readonly Line[], event: LoggedEvent) => lines.find((line) => line['event'] === event);
  const someId = expect.stringMatching(/^[\w-]{10,}$/);

  test('of a video that is made and told of', async () => {
    receiver.answer(200);
    const job = await create('a kite', 'req-of-success', { webhook_url: receiver.url });
    const lines = await expectEvents(job, 'req-of-success', [
      'created',
      'submit_started',
      'submit_accepted',
      'generation_succeeded',
      'artifact_stored',
      'webhook_delivered',
    ]);
    const { generationId } = lineOf(lines, 'submit_accepted') ?? {};
    expect(generationId).toEqual(someId);
    expect(lineOf(lines, 'submit_accepted')).toMatchObject({ providerRequestId: someId, state: 'generating' });
    expect(lineOf(lines, 'generation_succeeded')).toMatchObject({ providerRequestId: someId, generationId });
    expect(lineOf(lines, 'artifact_stored')).toMatchObject({ state: 'completed', generationId });
    expect(lineOf(lines, 'webhook_delivered')).toMatchObject({
      deliveryId: expect.stringMatching(/^evt_/),
      generationId,
    });
  });

  test('of refusals and failures, of their retry, their deletion, and a receiver that turns itself off', async () => {
    receiver.answer(410);
    const refused = await create('a kite [sandbox:moderation]', 'req-refused', { webhook_url: receiver.url });
    const attempt = ['submit_started', 'submit_accepted', 'generation_failed'] as const;
    const way = ['created', ...attempt, 'webhook_failed', 'receiver_off'] as const;
    const lines = await expectEvents(refused, 'req-refused', way);
    expect(lineOf(lines, 'generation_failed')).toMatchObject({ code: 'content_rejected', generationId: someId });
    await order(`/v1/jobs/${refused.id}/retry`, 'POST', { confirm_cost: true });
    await expectEvents(refused, 'req-refused', [...way, 'retry_requested', ...attempt, 'webhook_off']);

    const failed = await create('a kite [sandbox:fails]', 'req-failed');
    const toFailure = ['created', 'submit_started', 'submit_accepted', 'generation_failed'] as const;
    const ofFailure = lineOf(await expectEvents(failed, 'req-failed', toFailure), 'generation_failed');
    expect(ofFailure).toMatchObject({ state: 'failed', code: 'provider_error', generationId: someId });
    expect(ofFailure).toHaveProperty('providerRequestId');
    await order(`/v1/jobs/${failed.id}`, 'DELETE');
    await expectEvents(failed, 'req-failed', [...toFailure, 'deleted']);

    const page = await create('a kite [sandbox:file-html]', 'req-page');
    const ofPage = await expectEvents(page, 'req-page', [
      'created',
      'submit_started',
      'submit_accepted',
      'generation_succeeded',
      'artifact_finding',
      'artifact_failed',
    ]);
    expect(lineOf(ofPage, 'artifact_finding')).toMatchObject({ generationId: someId, finding: expect.any(String) });
  });

  test('of a request that is turned away, one whose answer is lost, and polls in trouble', async () => {
    installation.sandbox.control.script('create', 'rate-limited', 1);
    installation.sandbox.control.script('poll', 'unavailable', 1);
    const job = await create('a kite', 'req-deferred');
    const lines = await expectEvents(job, 'req-deferred', [
      'created',
      'submit_started',
      'submit_deferred',
      'submit_started',
      'submit_accepted',
      'poll_unavailable',
      'generation_succeeded',
      'artifact_stored',
    ]);
    expect(lineOf(lines, 'submit_deferred')).toMatchObject({
      code: 'provider_rate_limited',
      state: 'queued',
      providerRequestId: someId,
    });
    expect(lineOf(lines, 'poll_unavailable')).toMatchObject({ generationId: someId });

    const lost = await create('a kite [sandbox:lost-answer]', 'req-lost');
    await expectEvents(lost, 'req-lost', [
      'created',
      'submit_started',
      'submit_lost',
      'submit_accepted',
      'generation_succeeded',
      'artifact_stored',
    ]);
  });

  test('of a job that waits in a pause and is cancelled; and the requests of /mcp name it', async () => {
    await order('/ops/api/dispatch/pause', 'POST', { reason: 'maintenance' });
    const job = await create('a kite', 'req-cancelled');
    const call = { jsonrpc: '2.0', id: 1, method: 'tools/call' };
    const params = { name: 'cancel_video_job', arguments: { id: job.id } };
    await order('/mcp', 'POST', { ...call, params });
    await expectEvents(job, 'req-cancelled', ['created', 'cancel_requested']);
    await api.process.waitForLine(new RegExp(`"route":"/mcp".*"jobId":"${job.id}"`));
    await order('/ops/api/dispatch/resume');
  });
});
