import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type SpawnedProcess, spawnProcess, testRedisUrl } from '@video-proxy/testkit';
import { describe, expect, test } from 'vitest';

const main = fileURLToPath(new URL('../src/main.ts', import.meta.url));
const nowhere = 'redis://127.0.0.1:1';

async function dataDirectory() {
  const path = await mkdtemp(join(tmpdir(), 'video-proxy-api-main-'));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}

const listening = (api: SpawnedProcess) => api.waitForLine(/^Video proxy listening on port (\d+)$/);

async function start(env: Record<string, string> = {}) {
  const directory = await dataDirectory();
  const api = await spawnProcess({
    args: [main],
    env: { REDIS_URL: testRedisUrl(), DATA_DIR: directory.path, HOST: '127.0.0.1', PORT: '0', ...env },
  });
  return {
    ...api,
    async [Symbol.asyncDispose]() {
      await api.close();
      await directory[Symbol.asyncDispose]();
    },
  };
}

describe('the API process', () => {
  test.each([
    [
      { AI_ML_API_KEY: 'sk-aimlapi-0123456789abcdef0123456789abcdef' },
      /^\[video-proxy\] AI_ML_API_KEY loaded, length: 43, prefix: sk-aimlapi-, fingerprint: [0-9a-f]{8}$/,
    ],
    [{}, /^Missing AI_ML_API_KEY$/],
    [{ AI_ML_API_KEY: '"quoted"' }, /^\[video-proxy\] AI_ML_API_KEY malformed: .*quotes/],
  ])('says first of all what is with the key: %o', async (env, line) => {
    await using api = await start({ ...env, REDIS_URL: nowhere, AIMLAPI_BASE_URL: 'http://127.0.0.1:1' });
    await listening(api);
    expect(api.stdout[0]).toMatch(line);
    expect([...api.stdout, ...api.stderr].join('\n')).not.toContain('0123456789abcdef');
  });

  test('listens, serves, and ends in order when it is asked to', async () => {
    await using api = await start();
    const [, port] = await listening(api);
    expect((await fetch(`http://127.0.0.1:${port}/readyz`)).status).toBe(200);
    api.signal('SIGTERM');
    expect(await api.exited).toEqual({ code: 0, signal: null });
  });

  test('does not start with an operator key that is also the key of a client, and names what else is wrong', async () => {
    await using api = await start({ OPS_KEY: 'the-same', CLIENT_KEYS: 'alice=other,bob=the-same', REDIS_URL: '' });
    expect((await api.exited).code).toBe(1);
    expect(api.stderr.join('\n')).toMatch(/^OPS_KEY: is also a key of CLIENT_KEYS.*\nREDIS_URL: is not set/);
    expect(api.stderr.join('\n')).not.toContain('the-same');
  });

  test('listens although Redis is away', async () => {
    await using api = await start({ REDIS_URL: nowhere });
    const [, port] = await listening(api);
    expect((await fetch(`http://127.0.0.1:${port}/healthz`)).status).toBe(200);
    expect((await fetch(`http://127.0.0.1:${port}/readyz`)).status).toBe(503);
  });

  test('names all mistakes in its settings at once, a line each, without a stack', async () => {
    await using api = await start({ PORT: 'x', REDIS_URL: '', LOG_LEVEL: 'loud', CLIENT_KEYS: 'secret-without-name' });
    expect((await api.exited).code).toBe(1);
    expect(api.stdout).toEqual([]);
    expect(api.stderr.map((line) => line.split(':')[0]).sort()).toEqual([
      'CLIENT_KEYS',
      'LOG_LEVEL',
      'PORT',
      'REDIS_URL',
    ]);
    expect(api.stderr.find((line) => line.startsWith('REDIS_URL'))).toContain('npm start');
    expect(api.stderr.join('\n')).not.toContain('secret-without-name');
  });

  test('says in one line that its port is taken', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const address = taken.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    await using api = await start({ PORT: String(port) });
    expect((await api.exited).code).toBe(1);
    expect(api.stderr).toEqual([`PORT: ${port} is in use; stop what listens there, or set another PORT`]);
    taken.close();
  });

  test('under a supervisor leaves the key to it, and ends with it', async () => {
    await using directory = await dataDirectory();
    const env = { PATH: process.env['PATH'], REDIS_URL: testRedisUrl(), DATA_DIR: directory.path, PORT: '0' };
    const api = fork(main, ['--supervised'], { env, stdio: ['ignore', 'pipe', 'inherit', 'ipc'] });
    const exited = once(api, 'exit');
    try {
      let output = '';
      for await (const chunk of api.stdout ?? []) {
        output += chunk;
        if (/listening on port/.test(output)) break;
      }
      expect(output).not.toContain('AI_ML_API_KEY');
      api.disconnect();
      expect(await exited).toEqual([0, null]);
    } finally {
      api.kill('SIGKILL');
    }
  });
});
