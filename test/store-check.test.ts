import { closeRedis, connectRedis, untilReady } from '@video-proxy/redis';
import { spawnProcess, startTcpProxy } from '@video-proxy/testkit';
import { describe, expect, test } from 'vitest';
import { type OwnRedisInstallation, startInstallation } from './installation.ts';

const production = { NODE_ENV: 'production', CLIENT_KEYS: 'chat=k-1' };
const apps = ['api', 'worker'] as const;

async function configure({ redis }: OwnRedisInstallation, settings: Readonly<Record<string, string>>): Promise<void> {
  const connection = connectRedis(redis.url, { role: 'request', onError: () => undefined });
  await untilReady(connection, 5_000);
  for (const [name, value] of Object.entries(settings)) await connection.call('CONFIG', 'SET', name, value);
  await closeRedis(connection);
}

const start = ({ environment }: OwnRedisInstallation, app: string, changes: Readonly<Record<string, string>> = {}) =>
  spawnProcess({ args: [`apps/${app}/src/main.ts`], env: { ...environment, ...changes } });

describe.each(apps)('in production the %s', (app) => {
  test.each([
    [
      'maxmemory-policy',
      'allkeys-lru',
      /evicting \(maxmemory-policy allkeys-lru\).*CONFIG SET maxmemory-policy noeviction/,
    ],
    ['appendonly', 'no', /not persistent \(appendonly no\).*CONFIG SET appendonly yes/],
  ])('does not start on a Redis with %s %s, and says what to set', async (name, value, words) => {
    await using installation = await startInstallation(production);
    await configure(installation, { [name]: value });
    await using started = await start(installation, app);
    expect(await started.exited).toEqual({ code: 1, signal: null });
    expect([...started.stdout, ...started.stderr].join('\n')).toMatch(words);
    expect(started.stdout.join('\n')).not.toContain('listening on port');
  });

  test('ends as well when such a Redis comes up after it', async () => {
    await using installation = await startInstallation(production);
    await configure(installation, { 'maxmemory-policy': 'allkeys-lru' });
    await using proxy = await startTcpProxy({ target: installation.redis.url });
    await proxy.cut();
    await using started = await start(installation, app, { REDIS_URL: proxy.url });
    await started.waitForLine(app === 'api' ? /listening on port/ : /Redis is away/);
    await proxy.resume();
    expect(await started.exited).toEqual({ code: 1, signal: null });
    const fatal = started.stdout.filter((line) => line.includes('"level":60'));
    expect(fatal.join('\n')).toContain('maxmemory-policy allkeys-lru');
  });

  test('starts on a Redis that hides its settings, with a warning', async () => {
    await using installation = await startInstallation(production);
    const connection = connectRedis(installation.redis.url, { role: 'request', onError: () => undefined });
    await untilReady(connection, 5_000);
    await connection.acl('SETUSER', 'default', '-info');
    await closeRedis(connection);
    await using started = await start(installation, app);
    await started.waitForLine(/"level":40.*does not tell its persistence/);
    await started.waitForLine(app === 'api' ? /listening on port/ : /Worker ready/);
  });
});

test.each(apps)('outside production the %s only warns of an unsafe Redis', async (app) => {
  await using installation = await startInstallation();
  await configure(installation, { 'maxmemory-policy': 'allkeys-lru', appendonly: 'no' });
  await using started = await start(installation, app);
  await started.waitForLine(/"level":40.*not persistent/);
  await started.waitForLine(/"level":40.*evicting/);
  await started.waitForLine(app === 'api' ? /listening on port/ : /Worker ready/);
});
