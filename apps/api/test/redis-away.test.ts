import { openaiError, readiness, videoJobWire } from '@video-proxy/contracts';
import { startTcpProxy, testRedisUrl } from '@video-proxy/testkit';
import { describe, expect, test } from 'vitest';
import { newJob, type RunningApi, startApi } from './running-api.ts';

async function startBehindProxy() {
  const proxy = await startTcpProxy({ target: testRedisUrl() });
  const api = await startApi({ redisUrl: proxy.url });
  return {
    proxy,
    api,
    async [Symbol.asyncDispose]() {
      await proxy.resume();
      await api[Symbol.asyncDispose]();
      await proxy.close();
    },
  };
}

async function timed(promise: Promise<Response>): Promise<{ response: Response; tookMs: number }> {
  const startedAtMs = Date.now();
  const response = await promise;
  return { response, tookMs: Date.now() - startedAtMs };
}

const readyStatus = async (api: RunningApi) => (await api.call('GET', '/readyz')).status;

describe.each([
  ['refuses connections', 'cut'],
  ['hangs', 'pause'],
] as const)('while Redis %s', (_name, fault) => {
  test.each([
    ['POST', '/v1/jobs', newJob],
    ['GET', '/v1/jobs/video_01k00000000000000000000000', undefined],
    ['GET', '/v1/jobs/video_01k00000000000000000000000?wait_seconds=30', undefined],
    ['GET', '/v1/jobs', undefined],
    ['GET', '/v1/jobs/video_01k00000000000000000000000/events', undefined],
    ['POST', '/v1/jobs/video_01k00000000000000000000000/cancel', undefined],
    ['POST', '/v2/video/generations', newJob],
    ['GET', '/v/01k00000000000000000000000secret', undefined],
  ])('%s %s is 503 within two seconds and says when to come again', async (method, path, body) => {
    await using parts = await startBehindProxy();
    await parts.proxy[fault]();
    const { response, tookMs } = await timed(parts.api.call(method, path, { body }));
    expect(response.status).toBe(503);
    expect(tookMs).toBeLessThan(2_000);
    expect(response.headers.get('retry-after')).toBe('2');
    expect(await response.text()).not.toMatch(/ioredis|ECONN|127\.0\.0\.1/);
  });

  test('the process is alive, not ready, and both come back by themselves', async () => {
    await using parts = await startBehindProxy();
    const { api, proxy } = parts;
    expect(await readyStatus(api)).toBe(200);
    await proxy[fault]();
    expect((await api.call('GET', '/healthz')).status).toBe(200);
    const { response, tookMs } = await timed(api.call('GET', '/readyz'));
    expect(response.status).toBe(503);
    expect(tookMs).toBeLessThan(2_000);
    expect(readiness.parse(await response.json())).toMatchObject({
      status: 'unavailable',
      redis: { state: 'unavailable' },
      workers: { count: null },
      credential: { state: 'unchecked', fingerprint: '1f3a9c2e' },
    });
    await proxy.resume();
    await expect.poll(() => readyStatus(api), { timeout: 10_000 }).toBe(200);
    expect((await api.call('POST', '/v1/jobs', { body: newJob })).status).toBe(202);
  });
});

describe('when Redis took a job but its answer got lost', () => {
  test('a create without an idempotency key is withdrawn: its caller was told no', async () => {
    await using parts = await startBehindProxy();
    const { api, proxy } = parts;
    await api.create();
    proxy.pause('answers');
    const response = await api.call('POST', '/v1/jobs', { body: newJob });
    expect(response.status).toBe(503);
    expect(response.headers.get('x-should-retry')).toBe('false');
    expect(openaiError.parse(await response.json()).error.code).toBe('create_interrupted');
    await proxy.resume();
    const states = async () => {
      const { jobs } = await api.ledger.jobs.list({ owner: 'alice', limit: 5 });
      return jobs.map(({ lifecycle }) => lifecycle.state);
    };
    await expect.poll(states, { timeout: 10_000 }).toEqual(['cancelled', 'queued']);
  });

  test('a create with an idempotency key finds that very job when it is repeated', async () => {
    await using parts = await startBehindProxy();
    const { api, proxy } = parts;
    const headers = { 'idempotency-key': 'k' };
    await api.create();
    proxy.pause('answers');
    const lost = await api.call('POST', '/v1/jobs', { body: newJob, headers });
    expect(lost.status).toBe(503);
    expect(lost.headers.get('x-should-retry')).toBeNull();
    await proxy.resume();
    await expect.poll(() => readyStatus(api), { timeout: 10_000 }).toBe(200);
    const repeated = await api.call('POST', '/v1/jobs', { body: newJob, headers });
    expect(repeated.status).toBe(202);
    expect(repeated.headers.get('idempotency-replayed')).toBe('true');
    expect(videoJobWire.parse(await repeated.json()).status).toBe('queued');
    expect((await api.ledger.jobs.list({ owner: 'alice', limit: 5 })).jobs).toHaveLength(2);
  });
});

test('a wait outlives a short outage and still hears of the end', async () => {
  await using parts = await startBehindProxy();
  const { api, proxy } = parts;
  const id = await api.create();
  const waiting = api.call('GET', `/v1/jobs/${id}?wait_seconds=20`);
  // Connections are accepted in any order: after some requests more the wait has certainly begun.
  for (let more = 0; more < 5; more += 1) await api.call('GET', `/v1/jobs/${id}`);
  await proxy.cut();
  await proxy.resume();
  await expect.poll(() => readyStatus(api), { timeout: 10_000 }).toBe(200);
  await api.happen(id, { type: 'cancel_requested' });
  expect(videoJobWire.parse(await (await waiting).json()).phase).toBe('cancelled');
});
