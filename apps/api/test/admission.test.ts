import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openaiError, readiness, videoJobWire } from '@video-proxy/contracts';
import { startLocalRedis } from '@video-proxy/local-redis';
import { Redis } from 'ioredis';
import { expect, test } from 'vitest';
import { newJob, type RunningApi, startApi } from './running-api.ts';

/** An API on a Redis of its own, whose settings the test may change. */
async function startWithRedis() {
  await using opening = new AsyncDisposableStack();
  const dataDir = await mkdtemp(join(tmpdir(), 'video-proxy-admission-'));
  opening.defer(() => rm(dataDir, { recursive: true, force: true }));
  const server = opening.use(await startLocalRedis({ dataDir, persistence: 'none', env: process.env }));
  const redis = opening.adopt(new Redis(server.url.replace(/^unix:\/\//, '')), (connection) => connection.disconnect());
  const api = opening.use(await startApi({ redisUrl: server.url }));
  const opened = opening.move();
  return { api, redis, [Symbol.asyncDispose]: () => opened.disposeAsync() };
}

const readyOf = async (api: RunningApi) => readiness.parse(await (await api.call('GET', '/readyz')).json());

async function untilClosed(api: RunningApi, finding: RegExp): Promise<void> {
  await expect.poll(async () => (await readyOf(api)).redis.finding ?? '').toMatch(finding);
}

async function expectRefused(response: Response, code: string): Promise<void> {
  expect(response.status).toBe(503);
  expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(2);
  const { error } = openaiError.parse(await response.json());
  expect(error).toMatchObject({ code, type: 'server_error' });
  expect(error.message).toContain('nothing was stored and nothing was billed');
}

test('near the memory limit new jobs and retries are refused; reads, cancels, deletes and the work on jobs go on', async () => {
  await using parts = await startWithRedis();
  const { api, redis } = parts;
  const [running, failed, waiting] = [await api.create(), await api.create(), await api.create()];
  await api.happen(failed, { type: 'cancel_requested' });
  const used = Number(/^used_memory:(\d+)/m.exec(await redis.info('memory'))?.[1]);
  await redis.config('SET', 'maxmemory', Math.ceil(used / 0.9));
  await untilClosed(api, /% of its maxmemory/);

  await expectRefused(await api.call('POST', '/v1/jobs', { body: newJob }), 'service_unavailable');
  for (const path of ['/v2/video/generations', '/video/generate']) {
    const response = await api.call('POST', path, { body: newJob });
    expect(response.status).toBe(503);
    expect(response.headers.get('retry-after')).toBe('60');
    expect(await response.json()).toMatchObject({ message: expect.stringContaining('nothing was billed') });
  }
  await expectRefused(await api.call('POST', `/v1/jobs/${failed}/retry`, { body: {} }), 'service_unavailable');
  const invalid = await api.call('POST', '/v1/jobs', { body: { ...newJob, model: 'no-such-model' } });
  expect(invalid.status, 'a request that could never be taken in is told so').toBe(404);

  const ready = await api.call('GET', '/readyz');
  expect(ready.status).toBe(503);
  expect(readiness.parse(await ready.json())).toMatchObject({ status: 'unavailable', workers: { count: 0 } });

  expect((await api.call('GET', `/v1/jobs/${running}`)).status).toBe(200);
  expect((await api.happen(running, { type: 'submit_started' })).lifecycle.state).toBe('submitting');
  expect((await api.call('POST', `/v1/jobs/${waiting}/cancel`)).status).toBe(200);
  expect((await api.call('DELETE', `/v1/jobs/${waiting}`)).status).toBe(200);
  expect((await api.ledger.jobs.list({ limit: 9 })).jobs.map(({ id }) => id)).toEqual([failed, running]);

  await redis.config('SET', 'maxmemory', 0);
  await expect.poll(async () => (await api.call('GET', '/readyz')).status).toBe(200);
  expect((await api.call('POST', '/v1/jobs', { body: newJob })).status).toBe(202);
  const told = api.log.filter(({ msg }) => /maxmemory|accepted again|ledger is away/.test(String(msg)));
  expect(told, 'said once, and once that it is over').toHaveLength(2);
});

test('a Redis that takes no writes refuses new jobs with its reason in the readiness only', async () => {
  await using parts = await startWithRedis();
  const { api, redis } = parts;
  const id = await api.create();
  await redis.config('SET', 'min-replicas-to-write', '1');
  await untilClosed(api, /takes no writes \(NOREPLICAS\)/);
  await expectRefused(await api.call('POST', '/v1/jobs', { body: newJob }), 'service_unavailable');
  expect((await api.call('GET', `/v1/jobs/${id}`)).status).toBe(200);
});

test('a Redis that drops keys refuses new jobs', async () => {
  await using parts = await startWithRedis();
  const { api, redis } = parts;
  await api.create();
  await redis.config('SET', 'maxmemory-policy', 'volatile-random');
  const used = Number(/^used_memory:(\d+)/m.exec(await redis.info('memory'))?.[1]);
  await redis.config('SET', 'maxmemory', used + 300_000);
  for (let count = 0; count < 60; count += 1) await redis.set(`filler:${count}`, 'x'.repeat(10_000), 'EX', 1_000);
  await redis.config('SET', 'maxmemory', 0);
  await untilClosed(api, /is evicting keys/);
  await expectRefused(await api.call('POST', '/v1/jobs', { body: newJob }), 'service_unavailable');
});

test('a full queue refuses new jobs until some were submitted; a request that was accepted before is answered as before', async () => {
  await using api = await startApi({ waitingJobsMax: 2 });
  const headers = { 'idempotency-key': 'k-1' };
  const first = await api.create({}, headers);
  await api.create();
  await untilClosed(api, /2 jobs wait to be submitted \(QUEUE_DEPTH_MAX is 2\)/);

  await expectRefused(await api.call('POST', '/v1/jobs', { body: newJob }), 'queue_full');
  await expectRefused(
    await api.call('POST', '/v1/jobs', { body: newJob, headers: { 'idempotency-key': 'k-2' } }),
    'queue_full',
  );
  const repeated = await api.call('POST', '/v1/jobs', { body: newJob, headers });
  expect(repeated.status).toBe(202);
  expect(repeated.headers.get('idempotency-replayed')).toBe('true');
  expect(videoJobWire.parse(await repeated.json()).id).toBe(first);
  const other = await api.call('POST', '/v1/jobs', { body: { ...newJob, prompt: 'another' }, headers });
  expect(other.status).toBe(409);

  await api.happen(first, { type: 'submit_started' });
  await expect.poll(async () => (await api.call('POST', '/v1/jobs', { body: newJob })).status).toBe(202);
});
