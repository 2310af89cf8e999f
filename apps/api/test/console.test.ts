import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { type RunningApi, startApi } from './running-api.ts';

const page = '<!doctype html><title>console</title>';

async function apiWithConsole(): Promise<RunningApi> {
  const directory = await mkdtemp(join(tmpdir(), 'console-bundle-'));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  await mkdir(join(directory, 'assets'));
  await writeFile(join(directory, 'index.html'), page);
  await writeFile(join(directory, 'sources.sha256'), 'not for the world');
  await writeFile(join(directory, 'assets/index-1a2b.js'), 'render();');
  return startApi({ settings: { consoleDirectory: directory } });
}

const get = (api: RunningApi, path: string, headers: Record<string, string> = {}) =>
  api.call('GET', path, { key: null, headers });

test.each([
  '/ops',
  '/ops/failures',
  '/ops/jobs',
  '/ops/jobs/video_01',
  '/ops/credential',
  '/ops/dispatch',
  '/ops/audit',
])("%s is the operators' page, which needs no key because it holds nothing", async (path) => {
  await using api = await apiWithConsole();
  const answer = await get(api, path);
  expect(answer.status).toBe(200);
  expect(answer.headers.get('content-type')).toBe('text/html; charset=utf-8');
  expect(answer.headers.get('cache-control')).toBe('no-cache');
  expect(await answer.text()).toBe(page);
});

test('a mistyped address is told by the page to people, and by the usual answer to programs', async () => {
  await using api = await apiWithConsole();
  const seen = await get(api, '/ops/failuers', { accept: 'text/html,*/*;q=0.8' });
  expect(seen.status).toBe(404);
  expect(await seen.text()).toBe(page);
  const answer = await get(api, '/ops/failuers');
  expect(answer.status).toBe(404);
  expect(answer.headers.get('content-type')).toContain('application/json');
});

test('the page may load nothing from elsewhere, run nothing inline and be framed by nobody', async () => {
  await using api = await apiWithConsole();
  const policy = (await get(api, '/ops')).headers.get('content-security-policy')?.split('; ');
  expect(policy).toEqual(
    expect.arrayContaining(["default-src 'none'", "script-src 'self'", "connect-src 'self'", "frame-ancestors 'none'"]),
  );
  expect(policy?.join()).not.toMatch(/unsafe|\*|data:|https?:/);
});

test('its files are kept for ever, because their names change with their content', async () => {
  await using api = await apiWithConsole();
  const answer = await get(api, '/ops/assets/index-1a2b.js');
  expect(answer.headers.get('cache-control')).toContain('immutable');
  expect(answer.headers.get('content-type')).toContain('text/javascript');
  expect(answer.headers.get('content-encoding')).toBe('gzip');
  expect(await answer.text()).toBe('render();');
});

test('who takes no compression gets none, and who has it already gets nothing', async () => {
  await using api = await apiWithConsole();
  const plain = await get(api, '/ops', { 'accept-encoding': 'identity' });
  expect(plain.headers.get('content-encoding')).toBeNull();
  const etag = plain.headers.get('etag') ?? '';
  expect((await get(api, '/ops', { 'if-none-match': etag })).status).toBe(304);
});

test.each([
  '/ops/sources.sha256',
  '/ops/assets/other.js',
  '/ops/index.html',
  '/ops/assets/../index.html',
  '/ops/nothing',
])('nothing else of the folder is served: %s', async (path) => {
  await using api = await apiWithConsole();
  expect((await get(api, path)).status).toBe(404);
});

test('an installation without it says so and serves everything else', async () => {
  await using api = await startApi();
  const answer = await get(api, '/ops');
  expect(answer.status).toBe(404);
  expect(await answer.text()).toContain('is not built');
  expect((await get(api, '/healthz')).status).toBe(200);
});
