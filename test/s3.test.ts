import { startS3Server } from '@video-proxy/testkit';
import OpenAI from 'openai';
import { expect, test } from 'vitest';
import { startInstallation } from './installation.ts';

test('with a bucket: videos and posters are kept there, played from there, and deleted there', {
  timeout: 60_000,
}, async () => {
  await using s3 = await startS3Server();
  await using installation = await startInstallation({
    STORAGE_URL: `s3://${s3.bucket}/videos`,
    S3_ENDPOINT: s3.url,
    AWS_ACCESS_KEY_ID: s3.keys.accessKeyId,
    AWS_SECRET_ACCESS_KEY: s3.keys.secretAccessKey,
  });
  const [streaming, redirecting] = await Promise.all([
    installation.startApi(),
    installation.startApi({ VIDEO_DELIVERY: 'redirect' }),
    installation.startWorker(),
  ]);
  const { id } = await streaming.create('a kite');
  const { video } = await streaming.ended(id);
  const path = new URL(video?.url ?? '').pathname;
  const [key] = [...s3.objects.keys()].filter((name) => name.endsWith('.mp4'));
  expect(key).toMatch(/^videos\/..\/video_.*\.mp4$/);
  expect(s3.objects.get(key ?? '')?.content.length).toBe(video?.bytes);

  const part = await fetch(streaming.url + path, { headers: { range: 'bytes=4-7' } });
  expect([part.status, await part.text()]).toEqual([206, 'ftyp']);
  const sentOn = await fetch(redirecting.url + path, { redirect: 'manual' });
  expect([sentOn.status, new URL(sentOn.headers.get('location') ?? '').origin]).toEqual([302, s3.url]);
  const followed = await fetch(redirecting.url + path);
  expect((await followed.arrayBuffer()).byteLength).toBe(video?.bytes);
  const openai = new OpenAI({ baseURL: `${redirecting.url}/v1`, apiKey: 'none is needed here' });
  const content = await openai.videos.downloadContent(id);
  expect(new URL(content.url).origin).toBe(s3.url);
  expect((await content.arrayBuffer()).byteLength).toBe(video?.bytes);
  expect((await fetch(redirecting.url + path, { method: 'HEAD' })).status).toBe(200);
  expect(await streaming.readJson('/readyz')).toMatchObject({ storage: { state: 'ok' } });

  s3.failNext(({ method }) => method === 'DELETE', { status: 403, code: 'AccessDenied' });
  const refused = await fetch(`${streaming.url}/v1/jobs/${id}`, { method: 'DELETE' });
  expect([refused.status, await refused.text()]).toEqual([503, expect.stringContaining('policy of the bucket')]);
  expect((await fetch(`${streaming.url}/v1/jobs/${id}`, { method: 'DELETE' })).status).toBe(200);
  expect([...s3.objects.keys()]).toEqual([]);
  expect((await fetch(redirecting.url + path, { redirect: 'manual' })).status).toBe(404);
});

test('a bucket that refuses is named in /readyz, and videos wait for it', { timeout: 60_000 }, async () => {
  await using s3 = await startS3Server();
  await using installation = await startInstallation({
    STORAGE_URL: 's3://somewhere-else',
    S3_ENDPOINT: s3.url,
    AWS_ACCESS_KEY_ID: s3.keys.accessKeyId,
    AWS_SECRET_ACCESS_KEY: s3.keys.secretAccessKey,
  });
  const [api, worker] = await Promise.all([installation.startApi(), installation.startWorker()]);
  expect(await api.readJson('/readyz')).toMatchObject({
    status: 'ready',
    storage: { state: 'unavailable', finding: expect.stringContaining('there is no such bucket') },
  });
  const { id } = await api.create('a kite');
  await worker.waitForLine(new RegExp(`"jobId":"${id}".*no such bucket`));
  expect(await api.read(id)).toMatchObject({ status: 'in_progress', phase: 'storing' });
  expect([...api.process.stdout, ...worker.stdout].join('\n')).not.toContain(s3.keys.secretAccessKey);
});
