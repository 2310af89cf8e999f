import type { VideoJobWire, WebhookDelivery } from '@video-proxy/contracts';
import { deliveryOf } from '@video-proxy/core';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { newJob, opsKey, otherKey, type RunningApi, startApi } from './running-api.ts';

const webhookUrl = 'https://hooks.example/videos?token=do-not-tell';
const named = { clientWebhooks: new Map([['alice', 'https://alice.example/hooks']]) };

let api: RunningApi;

beforeEach(async () => {
  api = await startApi();
});

afterEach(() => api[Symbol.asyncDispose]());

/** A job that has ended and been announced; the worker is not there to call anybody. */
async function announced(): Promise<{ id: string; deliveryId: string }> {
  const id = await api.create({ webhook_url: webhookUrl });
  const job = await api.happen(id, { type: 'cancel_requested' });
  const delivery = deliveryOf(job, Date.now());
  if (delivery === null) throw new Error('a cancelled job has ended');
  await api.ledger.deliveries.announce(delivery, 60_000);
  return { id, deliveryId: delivery.id };
}

const dataOf = async (response: Response) => ((await response.json()) as { data: WebhookDelivery[] }).data;

test.each([
  ['http://hooks.example/', 'has to begin with https://'],
  ['https://hooks.example:8443/', 'must not name a port'],
  ['https://10.0.0.7/hooks', 'leads to a private network'],
  ['https://0x7f.1/', 'leads to a private network'],
  ['https://localhost/', 'leads to a private network'],
  ['https://ann:secret@hooks.example/', 'must not hold a user name or password'],
  ['hooks.example', 'is not a web address'],
  [`https://hooks.example/${'x'.repeat(2_048)}`, 'longer than 2048 characters'],
])('a receiver that must not be called is refused by name: %s', async (url, finding) => {
  const response = await api.call('POST', '/v1/jobs', { body: { ...newJob, webhook_url: url } });
  expect(response.status).toBe(400);
  const { error } = (await response.json()) as { error: { param: string; message: string } };
  expect(error.param).toBe('webhook_url');
  expect(error.message).toContain(finding);
});

test('a private receiver that OUTBOUND_ALLOWED_HOSTS names is taken', async () => {
  await using open = await startApi({ settings: { allowedHosts: ['n8n:5678'] } });
  const id = await open.create({ webhook_url: 'http://n8n:5678/webhook/videos' });
  expect((await open.ledger.jobs.get(id))?.webhookUrl).toBe('http://n8n:5678/webhook/videos');
});

test('without a secret to sign with a receiver is refused, and the answer says what to set', async () => {
  await using unsigned = await startApi({ settings: { canSignWebhooks: false } });
  const response = await unsigned.call('POST', '/v1/jobs', { body: { ...newJob, webhook_url: webhookUrl } });
  expect(response.status).toBe(400);
  expect(await response.text()).toContain('WEBHOOK_SECRET');
});

test('jobs that name no receiver have that of their client, whatever wire they come by', async () => {
  await using open = await startApi({ settings: named });
  const own = await open.create();
  const other = await open.create({ webhook_url: webhookUrl });
  expect((await open.ledger.jobs.get(own))?.webhookUrl).toBe('https://alice.example/hooks');
  expect((await open.ledger.jobs.get(other))?.webhookUrl).toBe(webhookUrl);
  const wire = await open.call('POST', '/v2/video/generations', { body: newJob });
  const { id } = (await wire.json()) as { id: string };
  expect((await open.ledger.jobs.get(id))?.webhookUrl).toBe('https://alice.example/hooks');
  const bobs = await open.call('POST', '/v1/jobs', { body: newJob, key: otherKey });
  const { id: bobsId } = (await bobs.json()) as VideoJobWire;
  expect((await open.ledger.jobs.get(bobsId))?.webhookUrl).toBeUndefined();
});

test('the same key with another receiver is another request; a receiver of the client that changes meanwhile is not', async () => {
  const headers = { 'idempotency-key': 'once' };
  const first = await api.create({ webhook_url: webhookUrl }, headers);
  expect(await api.create({ webhook_url: webhookUrl }, headers)).toBe(first);
  const response = await api.call('POST', '/v1/jobs', { body: newJob, headers });
  expect(response.status).toBe(409);
});

describe('the log of deliveries', () => {
  test('shows each delivery without the secret part of its address', async () => {
    const { id, deliveryId } = await announced();
    const response = await api.call('GET', `/v1/jobs/${id}/deliveries`);
    const text = await response.text();
    expect(text).not.toContain('do-not-tell');
    expect(JSON.parse(text)).toEqual({
      object: 'list',
      data: [
        {
          id: deliveryId,
          object: 'webhook.delivery',
          job_id: id,
          type: 'video.failed',
          url: 'https://hooks.example/videos',
          state: 'pending',
          created_at: expect.any(Number),
          next_try_at: expect.any(Number),
          tries: [],
        },
      ],
    });
  });

  test('is empty for a job that told nobody', async () => {
    expect(await dataOf(await api.call('GET', `/v1/jobs/${await api.create()}/deliveries`))).toEqual([]);
  });

  test('is neither shown to another client nor resent by it', async () => {
    const { id, deliveryId } = await announced();
    for (const [method, path] of [
      ['GET', `/v1/jobs/${id}/deliveries`],
      ['POST', `/v1/jobs/${id}/deliveries/${deliveryId}/resend`],
    ] as const) {
      expect((await api.call(method, path, { key: otherKey })).status).toBe(404);
    }
    const mine = await api.create();
    expect((await api.call('POST', `/v1/jobs/${mine}/deliveries/${deliveryId}/resend`)).status).toBe(404);
  });

  test('a resend begins a new round at once and puts its step first', async () => {
    const { id, deliveryId } = await announced();
    await api.steps.add('notify', { deliveryId }, { delayMs: 3_600_000 });
    const response = await api.call('POST', `/v1/jobs/${id}/deliveries/${deliveryId}/resend`);
    expect(response.status).toBe(202);
    expect(await response.json()).toMatchObject({ id: deliveryId, state: 'pending' });
    expect((await api.steps.counts()).notify).toEqual({ waiting: 1, active: 0, delayed: 0 });
    expect(await api.ledger.deliveries.get(deliveryId)).toMatchObject({ triesLeft: 8, resent: true });
  });

  test("operators see everybody's, page by page, and may resend them", async () => {
    const { deliveryId } = await announced();
    const newer = await announced();
    const first = await api.call('GET', '/ops/api/deliveries?limit=1', { key: opsKey });
    expect(await first.json()).toMatchObject({ data: [{ id: newer.deliveryId, owner: 'alice' }], has_more: true });
    const rest = await api.call('GET', `/ops/api/deliveries?after=${newer.deliveryId}`, { key: opsKey });
    expect(await rest.json()).toMatchObject({ data: [{ id: deliveryId }], has_more: false });
    const path = `/ops/api/deliveries/${deliveryId}/resend`;
    expect((await api.call('POST', path, { key: opsKey })).status).toBe(202);
    expect((await api.call('POST', path)).status).toBe(401);
    expect((await api.call('POST', '/ops/api/deliveries/evt_none/resend', { key: opsKey })).status).toBe(404);
  });
});

test('OpenAPI describes what a receiver is sent', async () => {
  const document = (await (await api.call('GET', '/openapi.json')).json()) as {
    webhooks: { videoEnded: { post: { requestBody: { content: Record<string, { schema: object }> } } } };
  };
  const { schema } = document.webhooks.videoEnded.post.requestBody.content['application/json'] ?? {};
  expect(schema).toMatchObject({ properties: { type: { enum: ['video.completed', 'video.failed'] } } });
});
