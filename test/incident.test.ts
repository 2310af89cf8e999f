import type { VideoJobWire } from '@video-proxy/contracts';
import { expect, test } from 'vitest';
import { startInstallation } from './installation.ts';
import { incident } from './scenarios/incident.ts';
import { playAll } from './scenarios/scenario.ts';

playAll([incident]);

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
