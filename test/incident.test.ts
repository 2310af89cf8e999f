import type { VideoJobWire } from '@video-proxy/contracts';
import { expect, test } from 'vitest';
import { providerKey, startInstallation } from './installation.ts';

// The incident this service was built after: health green, logs empty, and a 401 nobody could explain.

const refusal = {
  status_code: 401,
  request_id: 'hRNOI9BMsuLeZ76UNdGhS',
  path: '/v2/video/generations',
  timestamp: '2025-12-05T13:46:30.569Z',
  kind: null,
  message:
    'This request requires a valid API key. You can create a new API key on the Billing page: https://aimlapi.com/app/keys',
};

test('a rejected key is named by the job, its history, the log, /readyz and the jobs that wait because of it', async () => {
  await using installation = await startInstallation({ PROBE_INTERVAL_SECONDS: '2' });
  const { sandbox } = installation;
  const [api, worker] = await Promise.all([installation.startApi(), installation.startWorker()]);
  sandbox.control.script('create', 'incident');
  sandbox.control.script('billing', 'incident');

  const { id } = await api.create('a red balloon');
  expect(await api.ended(id)).toMatchObject({
    status: 'failed',
    phase: 'failed',
    generation_id: null,
    video: null,
    error: {
      code: 'provider_auth_failed',
      message: "The video provider rejected this service's API key. Operators have been told; nothing was billed.",
      retryable: true,
      billed: 'no',
      provider: { name: 'aimlapi', ...refusal, client_request_id: `${id}.1` },
    },
  });
  await worker.waitForLine(new RegExp(`"jobId":"${id}".*"requestId":"${refusal.request_id}"`));
  const history = await fetch(`${api.url}/v1/jobs/${id}/events`).then((response) => response.text());
  expect(history).toContain(refusal.request_id);

  const waiting = await api.create('a blue balloon');
  await expect
    .poll(() => api.read(waiting.id))
    .toMatchObject({ status: 'queued', hold: { code: 'provider_auth_failed', provider: refusal } });
  expect(await api.readJson('/readyz')).toMatchObject({
    credential: { state: 'rejected', last_provider_request_id: refusal.request_id, fingerprint: expect.any(String) },
  });

  // The provider accepts the key again; nobody has to do anything here.
  expect(await api.ended(waiting.id)).toMatchObject({ status: 'completed', hold: null });
  expect(sandbox.control.creates()).toMatchObject({ received: 2, accepted: 1 });
  expect([...api.process.stdout, ...worker.stdout].join('\n')).not.toContain(providerKey);
});

test('a missing key in production starts, says so first, and holds jobs instead of simulating them', async () => {
  await using installation = await startInstallation({
    NODE_ENV: 'production',
    AI_ML_API_KEY: '',
    CLIENT_KEYS: 'chat=k-1',
  });
  const [api, worker] = await Promise.all([installation.startApi(), installation.startWorker()]);
  expect(api.process.stdout[0]).toBe('Missing AI_ML_API_KEY');
  expect(worker.stdout[0]).toBe('Missing AI_ML_API_KEY');
  const response = await fetch(`${api.url}/v1/jobs`, {
    method: 'POST',
    headers: { authorization: 'Bearer k-1', 'content-type': 'application/json' },
    body: JSON.stringify({ model: 'google/veo-3.1-t2v', prompt: 'a kite' }),
  });
  const job = (await response.json()) as VideoJobWire;
  expect(job).toMatchObject({ status: 'queued', provider: 'aimlapi' });
  await expect
    .poll(() => fetch(job.links.self, { headers: { authorization: 'Bearer k-1' } }).then((answer) => answer.json()))
    .toMatchObject({ status: 'queued', hold: { message: expect.stringContaining('no API key') } });
  const ready = await fetch(`${api.url}/readyz`);
  expect(ready.status).toBe(200);
  expect(await ready.json()).toMatchObject({
    credential: { state: 'missing', fingerprint: null, finding: expect.stringContaining('Missing AI_ML_API_KEY') },
  });
  expect(installation.sandbox.control.requests()).toEqual([]);
});
