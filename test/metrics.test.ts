import { startWebhookReceiver } from '@video-proxy/testkit';
import { expect, test, vi } from 'vitest';
import { startInstallation } from './installation.ts';
import { labelledWith, metricsAddressOf, type Sample, samplesIn, scrape, scrapeWorker } from './scrape.ts';

const opsKey = 'operators-key-of-the-metrics-test';
const opsReadKey = 'key-to-look-of-the-metrics-test';

test('both processes tell Prometheus what they do, with closed lists as labels', { timeout: 60_000 }, async () => {
  await using installation = await startInstallation({ OPS_KEY: opsKey, CLIENT_KEYS: 'ann=key-of-ann' });
  const [api, worker] = await Promise.all([
    installation.startApi(),
    installation.startWorker({ WORKER_METRICS_PORT: '0' }),
  ]);
  const authorization = { authorization: 'Bearer key-of-ann', 'x-librechat-user-id': 'user-of-ann' };
  const [good, bad] = await Promise.all([
    api.create('a kite', authorization),
    api.create('[sandbox:moderation] a kite', authorization),
  ]);
  await Promise.all([api.ended(good.id, authorization), api.ended(bad.id, authorization)]);

  const fromApi = samplesIn(await scrape(`${api.url}/metrics`, opsKey));
  const model = 'google/veo-3.1-t2v';
  expect(valueIn(fromApi, 'video_proxy_jobs_created_total', { model })).toBe(2);
  expect(valueIn(fromApi, 'video_proxy_jobs', { state: 'completed' })).toBe(1);
  expect(valueIn(fromApi, 'video_proxy_jobs', { state: 'queued' })).toBe(0);
  expect(valueIn(fromApi, 'video_proxy_credential_state', { state: 'ok' })).toBe(1);
  expect(valueIn(fromApi, 'video_proxy_credential_state', { state: 'rejected' })).toBe(0);
  expect(valueIn(fromApi, 'video_proxy_workers')).toBe(1);
  expect(valueIn(fromApi, 'video_proxy_redis_up')).toBe(1);
  expect(valueIn(fromApi, 'video_proxy_storage_writable')).toBe(1);
  expect(valueIn(fromApi, 'video_proxy_holds', { scope: 'ops' })).toBe(0);
  expect(valueIn(fromApi, 'video_proxy_queue_steps', { step: 'poll', state: 'delayed' })).toBe(0);

  const fromWorker = samplesIn(await scrapeWorker(worker, opsKey));
  const completed = { status: 'completed', code: 'none', model };
  expect(valueIn(fromWorker, 'video_proxy_jobs_ended_total', completed)).toBe(1);
  expect(valueIn(fromWorker, 'video_proxy_jobs_ended_total', { status: 'failed', code: 'content_rejected' })).toBe(1);
  expect(valueIn(fromWorker, 'video_proxy_job_phase_duration_seconds_count', { phase: 'queued' })).toBe(2);
  expect(valueIn(fromWorker, 'video_proxy_job_phase_duration_seconds_count', { phase: 'storing' })).toBe(1);
  expect(
    valueIn(fromWorker, 'video_proxy_provider_request_duration_seconds_count', { route: 'poll', status: '200' }),
  ).toBeGreaterThan(0);
  expect(valueIn(fromWorker, 'video_proxy_file_fetch_duration_seconds_count', { outcome: 'stored' })).toBe(1);
  expect(valueIn(fromWorker, 'video_proxy_stored_bytes_total')).toBeGreaterThan(1_000);
  expect(valueIn(fromWorker, 'video_proxy_build_info')).toBe(1);

  const labels = [...fromApi, ...fromWorker].flatMap((sample) => Object.values(sample.labels)).join(' ');
  expect(labels).not.toMatch(/ann|video_|kite/);
});

test('a key that only looks is enough to read them, and nobody else does', { timeout: 60_000 }, async () => {
  const keys = { OPS_KEY: opsKey, OPS_READ_KEY: opsReadKey, CLIENT_KEYS: 'ann=key-of-ann' };
  await using installation = await startInstallation({ ...keys, WORKER_METRICS_PORT: '0' });
  const [api, worker] = await Promise.all([installation.startApi(), installation.startWorker()]);
  expect(await scrape(`${api.url}/metrics`, opsReadKey)).toContain('video_proxy_jobs');
  expect(await scrapeWorker(worker, opsReadKey)).toContain('video_proxy_build_info');
  for (const address of [`${api.url}/metrics`, await metricsAddressOf(worker)]) {
    const asClient = await fetch(address, { headers: { authorization: 'Bearer key-of-ann' } });
    expect([(await fetch(address)).status, asClient.status], address).toEqual([401, 401]);
  }
});

test('webhooks are counted by what became of them, and those that wait are told', { timeout: 60_000 }, async () => {
  await using receiver = await startWebhookReceiver();
  await using installation = await startInstallation({
    OPS_READ_KEY: opsReadKey,
    CLIENT_KEYS: 'ann=key-of-ann',
    WEBHOOK_SECRET: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
    CLIENT_WEBHOOKS: `ann=${receiver.url}`,
    OUTBOUND_ALLOWED_HOSTS: new URL(receiver.url).host,
    WORKER_METRICS_PORT: '0',
  });
  const [api, worker] = await Promise.all([installation.startApi(), installation.startWorker()]);
  const authorization = { authorization: 'Bearer key-of-ann' };
  const inTime = { timeout: 20_000, interval: 100 };
  const settled = async (outcome: string) =>
    valueIn(samplesIn(await scrapeWorker(worker, opsReadKey)), 'video_proxy_webhook_deliveries_total', { outcome });
  expect(await settled('failed')).toBe(0);
  const endWith = async (status: number, outcome: string) => {
    receiver.answer(status);
    await api.create('[sandbox:moderation] a kite', authorization);
    await vi.waitFor(async () => expect(await settled(outcome)).toBeGreaterThan(0), inTime);
  };
  await endWith(200, 'delivered');
  await endWith(503, 'not_taken');
  const told = samplesIn(await scrape(`${api.url}/metrics`, opsReadKey));
  expect(valueIn(told, 'video_proxy_webhook_deliveries_pending')).toBe(1);
  // It asks never to be called again.
  await endWith(410, 'failed');
  await endWith(200, 'off');
  expect(await settled('delivered')).toBe(1);
});

test('a Redis that is away is told instead of an error', { timeout: 60_000 }, async () => {
  await using installation = await startInstallation({ OPS_KEY: opsKey, CLIENT_KEYS: 'ann=key-of-ann' });
  const api = await installation.startApi();
  await installation.redis.close();
  const samples = samplesIn(await scrape(`${api.url}/metrics`, opsKey));
  expect(valueIn(samples, 'video_proxy_redis_up')).toBe(0);
  expect(samples.filter(({ name }) => name === 'video_proxy_jobs' || name === 'video_proxy_workers')).toEqual([]);
});

function valueIn(samples: readonly Sample[], name: string, labels: Record<string, string> = {}): number | undefined {
  const found = samples.filter((sample) => sample.name === name && labelledWith(sample, labels));
  expect(found.length, `${name} ${JSON.stringify(labels)}`).toBe(1);
  return found[0]?.value;
}
