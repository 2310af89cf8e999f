import type { VideoJobWire, WebhookDelivery } from '@video-proxy/contracts';
import { startWebhookReceiver, type WebhookReceiver } from '@video-proxy/testkit';
import type { SpawnedProcess } from '@video-proxy/testkit/processes';
import OpenAI from 'openai';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { type Api, type Installation, startInstallation } from './installation.ts';

const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const inTime = { timeout: 20_000, interval: 50 };

describe('webhooks of a running installation', { timeout: 60_000 }, () => {
  let receiver: WebhookReceiver;
  let installation: Installation;
  let api: Api;
  let worker: SpawnedProcess;

  beforeAll(async () => {
    receiver = await startWebhookReceiver();
    installation = await startInstallation({
      WEBHOOK_SECRET: secret,
      OUTBOUND_ALLOWED_HOSTS: new URL(receiver.url).host,
    });
    [api, worker] = await Promise.all([installation.startApi(), installation.startWorker()]);
  });

  afterAll(async () => {
    await installation[Symbol.asyncDispose]();
    await receiver[Symbol.asyncDispose]();
  });

  async function create(prompt: string): Promise<VideoJobWire> {
    const response = await fetch(`${api.url}/v1/jobs`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        model: 'google/veo-3.1-t2v',
        prompt,
        parameters: { duration: 4 },
        webhook_url: receiver.url,
      }),
    });
    return (await response.json()) as VideoJobWire;
  }

  const callsAbout = ({ id }: VideoJobWire) => receiver.calls.filter(({ body }) => body.includes(id));

  test("OpenAI's SDK unwraps the event of a finished video, and its id leads to the video", async () => {
    const job = await create('a kite');
    await vi.waitFor(() => expect(callsAbout(job)).toHaveLength(1), inTime);
    const [call] = callsAbout(job);
    const openai = new OpenAI({ apiKey: 'any', baseURL: `${api.url}/v1` });
    const event = await openai.webhooks.unwrap(call?.body ?? '', call?.headers as Record<string, string>, secret);
    expect(event).toMatchObject({ type: 'video.completed', data: { id: job.id } });
    expect((await openai.videos.retrieve(job.id)).status).toBe('completed');
  });

  test('a refusal by moderation is told as a failure', async () => {
    const job = await create('a kite [sandbox:moderation]');
    await vi.waitFor(() => expect(callsAbout(job)).toHaveLength(1), inTime);
    expect(JSON.parse(callsAbout(job)[0]?.body ?? '')).toMatchObject({ type: 'video.failed' });
  });

  test('a worker that is killed during a call leaves the delivery to the next one', async () => {
    receiver.answer(() => undefined);
    const job = await create('a boat');
    await vi.waitFor(() => expect(callsAbout(job)).toHaveLength(1), inTime);
    receiver.answer(200);
    worker.signal('SIGKILL');
    await worker.exited;
    await installation.startWorker();
    await vi.waitFor(
      async () => {
        const { data } = (await api.readJson(`/v1/jobs/${job.id}/deliveries`)) as { data: WebhookDelivery[] };
        expect(data).toMatchObject([{ state: 'delivered' }]);
      },
      { timeout: 50_000, interval: 200 },
    );
    expect(new Set(callsAbout(job).map(({ headers }) => headers['webhook-id'])).size).toBe(1);
  });
});
