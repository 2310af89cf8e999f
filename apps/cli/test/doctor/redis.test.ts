import { join } from 'node:path';
import { startLocalRedis } from '@video-proxy/local-redis';
import { closeRedis, connectRedis, untilReady } from '@video-proxy/redis';
import { describe, expect, onTestFinished, test } from 'vitest';
import { examineRedis } from '../../src/doctor/checks/redis.ts';
import { temporaryFolder } from '../run-cli.ts';
import { diagnose } from './diagnosis.ts';

async function redisWith(
  settings: Readonly<Record<string, string>>,
  persistence: 'append-only' | 'none' = 'append-only',
): Promise<string> {
  const folder = await temporaryFolder();
  onTestFinished(() => folder[Symbol.asyncDispose]());
  const server = await startLocalRedis({ dataDir: join(folder.path, 'redis'), persistence, env: process.env });
  onTestFinished(() => server.close());
  const redis = connectRedis(server.url, { role: 'request', onError: () => undefined });
  await untilReady(redis, 5_000);
  for (const [name, value] of Object.entries(settings)) await redis.call('CONFIG', 'SET', name, value);
  await closeRedis(redis);
  return server.url;
}

const sandboxOnly = { PROVIDER: 'sandbox' };

describe('the configured Redis', () => {
  test('append-only and noeviction is ok', async () => {
    const url = await redisWith({});
    const diagnosis = await diagnose({ ...sandboxOnly, REDIS_URL: url });
    expect(diagnosis.checks.find(({ id }) => id === 'redis')).toMatchObject({ status: 'ok' });
  });

  test('one that forgets everything in a crash is not persistent', async () => {
    const url = await redisWith({}, 'none');
    const diagnosis = await diagnose({ ...sandboxOnly, REDIS_URL: url });
    expect(diagnosis.of('redis_not_persistent')).toMatchObject({
      status: 'fail',
      finding: expect.stringContaining('not persistent'),
    });
    expect(diagnosis.code).toBe(1);
  });

  test('one that drops keys when memory runs out is evicting', async () => {
    const url = await redisWith({ 'maxmemory-policy': 'allkeys-lru' });
    const diagnosis = await diagnose({ ...sandboxOnly, REDIS_URL: url });
    expect(diagnosis.of('redis_evicting')).toMatchObject({
      status: 'fail',
      finding: expect.stringContaining('allkeys-lru'),
    });
    expect(diagnosis.code).toBe(1);
  });

  test('one with a password that is not in the address refuses', async () => {
    const url = await redisWith({ requirepass: 'open-sesame' });
    const diagnosis = await diagnose({ ...sandboxOnly, REDIS_URL: url });
    expect(diagnosis.of('redis_auth')).toMatchObject({ status: 'fail' });
  });

  test('one that is away is unreachable, and a password in its address is not printed', async () => {
    const diagnosis = await diagnose({ ...sandboxOnly, REDIS_URL: 'redis://user:hunter2@127.0.0.1:9' });
    expect(diagnosis.of('redis_unreachable')).toMatchObject({
      status: 'fail',
      finding: expect.stringMatching(/unreachable at 127\.0\.0\.1:9: connection refused/),
    });
    expect(diagnosis.text).not.toContain('hunter2');
    expect(diagnosis.code).toBe(1);
  });

  test('a host that does not exist is a matter of DNS', async () => {
    const diagnosis = await diagnose({ ...sandboxOnly, REDIS_URL: 'redis://nonexistent.invalid:6379' });
    expect(diagnosis.of('redis_unreachable')?.finding).toContain('DNS');
  });

  test('no worker at a Redis that both would use means that jobs wait', async () => {
    const url = await redisWith({});
    const diagnosis = await diagnose({ ...sandboxOnly, REDIS_URL: url });
    expect(diagnosis.of('no_worker')).toMatchObject({
      status: 'fail',
      finding: expect.stringContaining('no live worker'),
    });
    expect(diagnosis.code).toBe(1);
  });
});

test('without an address the embedded one is used', async () => {
  const diagnosis = await diagnose(sandboxOnly);
  expect(diagnosis.checks.find(({ id }) => id === 'redis')).toMatchObject({
    status: 'ok',
    finding: expect.stringContaining('REDIS_URL not set'),
  });
});

test('a host that hides its settings is a warning, not a failure', () => {
  const findings = examineRedis('redis://host:6379', {
    kind: 'answered',
    persistence: { appendOnly: null, maxmemoryPolicy: null },
    workers: [],
  });
  expect(findings).toEqual([expect.objectContaining({ status: 'warn', cause: 'redis_unknown' })]);
});
