import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startLocalRedis } from '@video-proxy/local-redis';
import { connectRedis, untilReady } from '@video-proxy/redis';
import { spawnProcess } from '@video-proxy/testkit/processes';
import { expect, onTestFinished, test } from 'vitest';
import { startInstallationOn } from './installation.ts';
import { scrape, scrapeWorker } from './scrape.ts';

const keys = {
  'the password of Redis': 'password-Ljubljana',
  'the access key of the bucket': 'access-key-Tbilisi',
  'the secret key of the bucket': 'secret-key-Yerevan',
  "the operators' key": 'operator-key-Samarkand',
  'the key of those who look': 'operator-key-Trebizond',
  'the secret of webhooks': 'whsec_VGltYnVrdHUtVGltYnVrdHUtVGltYnVrdHU=',
} as const;

const found = (text: string) =>
  Object.entries(keys)
    .filter(([, word]) => text.includes(word))
    .map(([name]) => name);

test('no key of a store is in a log, a metric, an answer, or what the doctor says, also when the stores refuse it', {
  timeout: 180_000,
}, async () => {
  const directory = await mkdtemp(join(tmpdir(), 'redaction-redis-'));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  const redis = await startLocalRedis({ dataDir: directory, persistence: 'append-only', env: process.env });
  onTestFinished(() => redis.close());
  const owner = connectRedis(redis.url, { role: 'request', onError: () => {} });
  onTestFinished(() => owner.disconnect());
  await untilReady(owner, 5_000);
  await owner.config('SET', 'requirepass', keys['the password of Redis']);
  const address = redis.url.replace('//', `//:${keys['the password of Redis']}@`);

  await using installation = await startInstallationOn(address, {
    // Nobody listens there.
    S3_ENDPOINT: 'http://127.0.0.1:9',
    STORAGE_URL: 's3://videos',
    AWS_ACCESS_KEY_ID: keys['the access key of the bucket'],
    AWS_SECRET_ACCESS_KEY: keys['the secret key of the bucket'],
    OPS_KEY: keys["the operators' key"],
    OPS_READ_KEY: keys['the key of those who look'],
    WEBHOOK_SECRET: keys['the secret of webhooks'],
    WORKER_METRICS_PORT: '0',
    LOG_LEVEL: 'trace',
  });
  const api = await installation.startApi();
  const worker = await installation.startWorker();
  const { id, links } = await api.create('a kite');
  const watchToken = links.watch.split('/').at(-1) ?? '';
  expect(watchToken).not.toBe('');
  await worker.waitForLine(new RegExp(`"event":"storage_unavailable".*"jobId":"${id}"`), 60_000);
  const watched = await fetch(links.watch);
  expect(watched.status).toBe(200);

  const readKey = keys['the key of those who look'];
  const metrics = (await scrape(`${api.url}/metrics`, readKey)) + (await scrapeWorker(worker, readKey));
  expect(metrics).toContain('video_proxy_storage_writable');

  // From now on the password is wrong.
  await owner.config('SET', 'requirepass', 'another-password');
  await owner.call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes');
  await worker.waitForLine(/Redis is away/, 60_000);
  const refused = await fetch(`${api.url}/v1/jobs/${id}`);
  expect(refused.status).toBe(503);

  const doctor = await spawnProcess({ args: ['apps/cli/src/main.ts', 'doctor'], env: installation.environment });
  onTestFinished(async () => void (await doctor.close()));
  await doctor.exited;

  const said = {
    logs: [api.process, worker].flatMap(({ stdout, stderr }) => [...stdout, ...stderr]).join('\n'),
    metrics,
    answer: await refused.text(),
    doctor: [...doctor.stdout, ...doctor.stderr].join('\n'),
  };
  expect(said.logs).toContain('WRONGPASS');
  expect(said.doctor).toContain('Redis');
  for (const [where, text] of Object.entries(said)) {
    expect(found(text), where).toEqual([]);
    expect(text.includes(watchToken), where).toBe(false);
  }
});
