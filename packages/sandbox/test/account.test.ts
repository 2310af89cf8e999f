import { type Sandbox, sandboxApiKey, startSandbox } from '@video-proxy/sandbox';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { call, create, createWith, poll } from './client.ts';

let sandbox: Sandbox;
beforeEach(async () => {
  sandbox = await startSandbox({ generationSeconds: 0, startingBalanceUsd: 2 });
});
afterEach(() => sandbox.close());

async function balance(): Promise<unknown> {
  return (await call(`${sandbox.url}/v2/billing`)).json['current_balance'];
}

test('a completed generation is charged once, and a failed one is not', async () => {
  await createWith(sandbox.url, 'fails');
  expect(await balance()).toBe(2);
  await createWith(sandbox.url, 'slow=0');
  expect([await balance(), await balance()]).toEqual([1.04, 1.04]);
});

test('a hold can refuse an expensive request although the balance is positive', async () => {
  await createWith(sandbox.url, 'never');
  await createWith(sandbox.url, 'never');
  expect(sandbox.control.state()).toMatchObject({ balanceUsd: 2, heldUsd: 1.92 });
  const refused = await createWith(sandbox.url, 'never');
  expect(refused).toMatchObject({ status: 403, json: { error: { data: { kind: 'err_insufficent_credits' } } } });
  expect((await create(sandbox.url, { model: 'krea/krea-wan-14b/text-to-video', duration: 2 })).status).toBe(200);
});

test('holds of failed generations are free again', async () => {
  await createWith(sandbox.url, 'fails');
  await createWith(sandbox.url, 'fails');
  expect((await createWith(sandbox.url, 'fails')).status).toBe(200);
});

test('an empty account refuses creates and still answers polls and the balance', async () => {
  const id = String((await createWith(sandbox.url, 'never')).json['id']);
  sandbox.control.setBalanceUsd(0);
  expect((await createWith(sandbox.url, 'slow=0')).status).toBe(403);
  expect((await poll(sandbox.url, id)).status).toBe(200);
  expect(await balance()).toBe(0);
});

test('an unverified account refuses creates only', async () => {
  sandbox.control.setState({ verified: false });
  const refused = await createWith(sandbox.url, 'slow=0');
  expect(refused).toMatchObject({ status: 403, json: { data: { kind: 'err_unverified_card' } } });
  expect((await call(`${sandbox.url}/v2/billing`)).status).toBe(200);
});

test('a revoked key is refused everywhere but for models and files, and accepted again later', async () => {
  const id = String((await createWith(sandbox.url, 'slow=0')).json['id']);
  sandbox.control.setKeyAccepted(false);
  for (const path of ['/v2/billing', '/v1/billing/balance', '/v2/logs', '/v1/key', '/nowhere']) {
    expect((await call(sandbox.url + path)).status).toBe(401);
  }
  expect((await poll(sandbox.url, id)).status).toBe(401);
  expect((await call(`${sandbox.url}/v1/models`)).status).toBe(200);
  sandbox.control.setKeyAccepted(true);
  expect((await poll(sandbox.url, id)).status).toBe(200);
});

test('a replaced key works at once and the old one no more', async () => {
  sandbox.control.setState({ apiKey: 'rotated' });
  expect((await call(`${sandbox.url}/v2/billing`)).status).toBe(401);
  expect((await call(`${sandbox.url}/v2/billing`, { key: 'rotated' })).status).toBe(200);
});

test('the log finds a create request by its client request id, newest first and in pages', async () => {
  for (const id of ['video_a.1', 'video_b.1', 'video_c.1']) {
    await create(sandbox.url, { model: 'krea/krea-wan-14b/text-to-video' }, { headers: { 'x-client-request-id': id } });
  }
  const page = await call(`${sandbox.url}/v2/logs?period=1h&limit=2&offset=1`);
  expect(page.json).toMatchObject({
    data: [{ client_request_id: 'video_b.1' }, { client_request_id: 'video_a.1' }],
    pagination: { limit: 2, offset: 1, total: 3, has_more: false },
  });
  const [row] = page.json['data'] as Record<string, unknown>[];
  expect(row).toMatchObject({ status: 'succeeded', cost: { usd: 0.15 }, request_id: expect.any(String) });
  expect((await poll(sandbox.url, String(row?.['inference_id']))).status).toBe(200);
});

test('the log knows failed generations, spans of time and its limits', async () => {
  await createWith(sandbox.url, 'fails');
  const total = async (query: string) => (await call(`${sandbox.url}/v2/logs?${query}`)).json['pagination'];
  expect(await total('status=failed')).toMatchObject({ total: 1 });
  expect(await total('status=succeeded')).toMatchObject({ total: 0 });
  expect(await total('model=luma/ray-2')).toMatchObject({ total: 0 });
  expect(await total('start=2026-01-01T00:00:00Z&end=2026-01-02T00:00:00Z')).toMatchObject({ total: 0 });
  for (const query of ['limit=101', 'period=soon', 'offset=-1']) {
    expect((await call(`${sandbox.url}/v2/logs?${query}`)).status).toBe(400);
  }
});

test('the log allows 200 requests a minute', async () => {
  const statuses: number[] = [];
  for (let times = 0; times < 201; times += 1) statuses.push((await call(`${sandbox.url}/v2/logs?limit=1`)).status);
  expect([statuses.filter((status) => status === 200).length, statuses.at(-1)]).toEqual([200, 429]);
});

test('the older balance is in credits, and the key tells its prefix', async () => {
  expect((await call(`${sandbox.url}/v1/billing/balance`)).json).toMatchObject({ balance: 4_000_000 });
  expect((await call(`${sandbox.url}/v1/key`)).json).toMatchObject({
    data: { disabled: false, prefix: sandboxApiKey.slice(0, 8) },
  });
});

test('models are listed without a key, filtered, and not sent twice', async () => {
  const list = await call(`${sandbox.url}/v1/models?tags=playground:video`, { key: 'any' });
  expect(list).toMatchObject({ status: 200, json: { object: 'list' } });
  const etag = list.headers.get('etag') ?? '';
  const again = await call(`${sandbox.url}/v1/models?tags=playground:video`, { headers: { 'if-none-match': etag } });
  expect([again.status, again.text]).toEqual([304, '']);
  const one = await call(`${sandbox.url}/v1/models?id=google/veo-3.1-t2v`);
  expect(one.json['data']).toMatchObject([{ id: 'google/veo-3.1-t2v', tags: ['playground:video'] }]);
  expect((await call(`${sandbox.url}/v1/models?tags=chat`)).json['data']).toEqual([]);
});
