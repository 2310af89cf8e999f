import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { demoEnvironment } from '../src/demo/demo-environment.ts';
import { runCli, startCli, temporaryFolder } from './run-cli.ts';

/** A folder for the demo to be called in, and one for what it needs meanwhile. */
async function folders() {
  const folder = await temporaryFolder();
  onTestFinished(() => folder[Symbol.asyncDispose]());
  const cwd = join(folder.path, 'cwd');
  const temporary = join(folder.path, 'tmp');
  await Promise.all([mkdir(cwd), mkdir(temporary)]);
  return { cwd, temporary };
}

test('the demo saves a playable video, replays the incident, spends no key and leaves nothing behind', async () => {
  const { cwd, temporary } = await folders();
  const key = 'sk-aimlapi-0123456789abcdef0123456789abcdef';
  const { code, stdout } = await runCli(['demo'], {
    cwd,
    env: {
      TMPDIR: temporary,
      AI_ML_API_KEY: key,
      REDIS_URL: 'redis://127.0.0.1:2',
      CLIENT_KEYS: 'a=b',
      NODE_ENV: 'production',
    },
  });
  expect(code).toBe(0);

  const path = join(cwd, 'video-proxy-demo.mp4');
  const video = await readFile(path);
  expect(video.subarray(4, 8).toString()).toBe('ftyp');
  expect(stdout).toContain(path);
  expect(stdout).toContain(createHash('sha256').update(video).digest('hex'));
  expect(stdout).toContain('AI_ML_API_KEY is set and not used');
  expect(stdout).toContain('request id hRNOI9BMsuLeZ76UNdGhS, path /v2/video/generations, at 2025-12-05T13:46:30.569Z');
  expect(await readdir(cwd)).toEqual(['video-proxy-demo.mp4']);
  expect(await readdir(temporary)).toEqual([]);
}, 60_000);

test('Ctrl-C ends the demo with all its processes and no file', async () => {
  const { cwd, temporary } = await folders();
  const demo = await startCli(['demo'], { cwd, env: { TMPDIR: temporary } });
  await demo.waitForLine(/generating/, 30_000);
  demo.signal('SIGINT');
  expect(await demo.exited).toEqual({ code: 130, signal: null });
  expect(demo.stderr.at(-1)).toContain('its processes have ended');
  expect(await readdir(cwd)).toEqual([]);
  expect(await readdir(temporary)).toEqual([]);
}, 60_000);

test("nothing of the operator's settings reaches the demo", () => {
  const environment = demoEnvironment(
    {
      PATH: '/bin',
      AI_ML_API_KEY: 'k',
      AIMLAPI_KEY: 'k',
      REDIS_URL: 'redis://real',
      AIMLAPI_BASE_URL: 'https://real',
      STORAGE_URL: 'file:///real',
    },
    '/tmp/demo',
  );
  expect(environment).toEqual({
    PATH: '/bin',
    NODE_ENV: 'development',
    PROVIDER: 'sandbox',
    HOST: '127.0.0.1',
    PORT: '0',
    DATA_DIR: '/tmp/demo',
    LOG_LEVEL: 'info',
  });
});
