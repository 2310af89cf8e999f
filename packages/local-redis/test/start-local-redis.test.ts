import { once } from 'node:events';
import { mkdir, readdir, stat, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { spawnProcess } from '@video-proxy/testkit';
import { expect, test } from 'vitest';
import { type LocalRedis, type LocalRedisOptions, startLocalRedis } from '../src/index.ts';
import { findRedisServer } from '../src/redis-server/find.mjs';
import { temporaryDirectory } from './temporary-directory.ts';

const SUPERVISOR = fileURLToPath(new URL('./programs/supervisor.ts', import.meta.url));

function start(dataDir: string, options: Partial<LocalRedisOptions> = {}): Promise<LocalRedis> {
  return startLocalRedis({ dataDir, persistence: 'append-only', env: process.env, ...options });
}

/** One command in Redis's inline form, and the whole reply to it as one piece. */
async function ask(url: string, command: string): Promise<string> {
  const socket = connect({ path: url.slice('unix://'.length) }).setEncoding('utf8');
  socket.write(`${command}\r\n`);
  const [reply] = await once(socket, 'data');
  socket.destroy();
  return String(reply);
}

test('a private Redis is durable, never evicts, and listens on no port', async () => {
  await using redis = await start(await temporaryDirectory());

  expect(await ask(redis.url, 'CONFIG GET appendonly')).toContain('yes');
  expect(await ask(redis.url, 'CONFIG GET appendfsync')).toContain('everysec');
  expect(await ask(redis.url, 'CONFIG GET maxmemory-policy')).toContain('noeviction');
  expect(await ask(redis.url, 'CONFIG GET port')).toMatch(/\r\n0\r\n$/);
});

test('only this user gets at the socket and at the directory', async () => {
  const dataDir = join(await temporaryDirectory(), 'new');
  await using redis = await start(dataDir);

  const modes = await Promise.all(
    [dataDir, redis.url.slice('unix://'.length)].map(async (path) => (await stat(path)).mode),
  );
  expect(modes.map((mode) => mode & 0o077)).toEqual([0, 0]);
});

test('what was written is there after a close and a new start', async () => {
  const dataDir = await temporaryDirectory();
  const first = await start(dataDir);
  await ask(first.url, 'SET kept yes');
  await first.close();

  await using second = await start(dataDir);

  expect(await ask(second.url, 'GET kept')).toContain('yes');
});

test('without persistence nothing is written', async () => {
  const dataDir = await temporaryDirectory();
  const redis = await start(dataDir, { persistence: 'none' });
  await ask(redis.url, 'SET lost yes');

  await redis.close();

  expect(await readdir(dataDir)).toEqual(['redis.log']);
});

test('a directory in use is refused, with the process that uses it', async () => {
  const dataDir = await temporaryDirectory();
  await using supervisor = await spawnProcess({ args: [SUPERVISOR, dataDir] });
  await supervisor.waitForLine(/^redis/);

  await expect(start(dataDir)).rejects.toMatchObject({
    code: 'in_use',
    message: expect.stringContaining(`${supervisor.pid}`),
  });
});

test('when its supervisor is killed, Redis saves and ends, and the next start goes on with the data', async () => {
  const dataDir = await temporaryDirectory();
  await using supervisor = await spawnProcess({ args: [SUPERVISOR, dataDir] });
  const [, pid, url = ''] = await supervisor.waitForLine(/^redis (\d+) at (.*)$/);
  await ask(url, 'SET kept yes');

  supervisor.signal('SIGKILL');
  await supervisor.exited;
  await using redis = await start(dataDir);

  expect(await ask(redis.url, 'GET kept')).toContain('yes');
  expect(redis.pid).not.toBe(Number(pid));
});

test('a Redis that an earlier run left listening is shut down before the new one starts', async () => {
  const dataDir = await temporaryDirectory();
  const found = await findRedisServer({ env: process.env });
  const command = found.kind === 'binary' ? found.path : '';
  const socket = join(dataDir, 'redis.sock');
  const settings = ['--port', '0', '--dir', dataDir, '--appendonly', 'yes', '--unixsocket', socket];
  await using leftover = await spawnProcess({ command, args: settings });
  await expect.poll(() => ask(`unix://${socket}`, 'SET kept yes').catch(() => 'not yet')).toContain('OK');

  await using redis = await start(dataDir);

  expect(await leftover.exited).toEqual({ code: 0, signal: null });
  expect(await ask(redis.url, 'GET kept')).toContain('yes');
});

test('a directory too deep for a socket gets one in a short place, for as long as Redis runs', async () => {
  const dataDir = join(await temporaryDirectory(), 'deep/'.repeat(30));

  const redis = await start(dataDir);
  expect(redis.url.length).toBeLessThan(110);
  expect(await ask(redis.url, 'CONFIG GET dir')).toContain('deep/deep');
  await redis.close();

  await expect(stat(dirname(redis.url.slice('unix://'.length)))).rejects.toThrow('ENOENT');
});

test('a Redis that cannot start says why, in its own words', async () => {
  const dataDir = await temporaryDirectory();
  await mkdir(join(dataDir, 'appendonlydir'));
  await writeFile(join(dataDir, 'appendonlydir', 'appendonly.aof.manifest'), 'not a manifest\n');

  await expect(start(dataDir)).rejects.toMatchObject({
    code: 'did_not_start',
    message: expect.stringMatching(/manifest/),
  });
  await expect(readdir(dataDir)).resolves.not.toContain('redis.lock');
});

test('a program that cannot be run at all is an error, and leaves the directory free', async () => {
  const dataDir = await temporaryDirectory();

  await expect(start(dataDir, { server: { kind: 'binary', path: '/nowhere/redis-server' } })).rejects.toThrow('ENOENT');

  await using redis = await start(dataDir);
  expect(await ask(redis.url, 'PING')).toBe('+PONG\r\n');
});

test('the end of Redis is heard of, and whether it was asked for', async () => {
  const killed = await start(await temporaryDirectory());
  process.kill(killed.pid, 'SIGKILL');
  expect(await killed.exited).toEqual({ requested: false, message: 'it was ended by SIGKILL' });

  const closed = await start(await temporaryDirectory());
  await closed.close();
  expect(await closed.exited).toEqual({ requested: true, message: 'it exited with code 0' });
});
