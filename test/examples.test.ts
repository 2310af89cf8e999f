import { spawnSync } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type SpawnOptions, spawnProcess } from '@video-proxy/testkit/processes';
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { type Api, type Installation, startInstallation } from './installation.ts';

const succeeds = (command: string, ...args: readonly string[]) => spawnSync(command, args).status === 0;
const hasCurl = succeeds('curl', '--help');
const hasPythonSdk = succeeds('python3', '-c', 'import openai.resources.videos');

const clientKey = 'key-of-ann';
/** What has a meaning in a shell, in JSON and in sed, and must arrive as it is. */
const prompt = `A "paper" boat, 'small' & $wet, in a rain\\gutter; "status":"failed", 雨`;

describe('each example, run as its first lines say', { timeout: 60_000 }, () => {
  let installation: Installation;
  let api: Api;
  let folder: string;

  beforeAll(async () => {
    installation = await startInstallation({ CLIENT_KEYS: `ann=${clientKey}` });
    [api] = await Promise.all([installation.startApi(), installation.startWorker()]);
  });

  afterAll(() => installation[Symbol.asyncDispose]());

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'examples-'));
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
  });

  const openaiEnvironment = () => ({ OPENAI_BASE_URL: `${api.url}/v1`, OPENAI_API_KEY: clientKey });
  const ownEnvironment = () => ({ VIDEO_PROXY_URL: api.url, VIDEO_PROXY_KEY: clientKey });

  /** Runs it to its end; everything it printed. */
  async function run(options: SpawnOptions): Promise<{ readonly code: number | null; readonly text: string }> {
    await using example = await spawnProcess(options);
    const { code } = await example.exited;
    return { code, text: [...example.stdout, ...example.stderr].join('\n') };
  }

  async function expectVideo(options: Omit<SpawnOptions, 'args'>, ...program: readonly string[]): Promise<void> {
    const path = join(folder, 'boat.mp4');
    const { code, text } = await run({ ...options, args: [...program, prompt, path] });
    expect(text).toContain(`saved as ${path}`);
    expect(code).toBe(0);
    expect((await readFile(path)).toString('latin1', 4, 8)).toBe('ftyp');
    expect(await readdir(folder)).toEqual(['boat.mp4']);
    const { data } = (await (await fetch(`${api.url}/v1/jobs?limit=1`, { headers })).json()) as { data: unknown[] };
    expect(data[0]).toMatchObject({ prompt });
  }

  async function expectFailure(options: Omit<SpawnOptions, 'args'>, ...program: readonly string[]): Promise<string> {
    const args = [...program, 'A boat [sandbox:fails]', join(folder, 'none.mp4')];
    const { code, text } = await run({ ...options, args });
    expect(code).toBe(1);
    expect(text).toContain('failed: ');
    expect(await readdir(folder)).not.toContain('none.mp4');
    return text;
  }

  const headers = { authorization: `Bearer ${clientKey}` };

  test('node.ts: our own client', async () => {
    await expectVideo({ env: ownEnvironment() }, 'examples/node.ts');
    expect(await expectFailure({ env: ownEnvironment() }, 'examples/node.ts')).toMatch(/provider_error.*req_/);
  });

  test('openai-videos.ts: the SDK of OpenAI for Node', async () => {
    await expectVideo({ env: openaiEnvironment() }, 'examples/openai-videos.ts');
    await expectFailure({ env: openaiEnvironment() }, 'examples/openai-videos.ts');
  });

  test.skipIf(!hasPythonSdk)('openai_videos.py: the SDK of OpenAI for Python (needs it installed)', async () => {
    const options = { command: 'python3', env: openaiEnvironment() };
    await expectVideo(options, 'examples/openai_videos.py');
    await expectFailure(options, 'examples/openai_videos.py');
  });

  test.skipIf(!hasCurl)('curl.sh: a shell and curl (needs curl)', async () => {
    const options = { command: 'sh', env: ownEnvironment() };
    await expectVideo(options, 'examples/curl.sh');
    expect(await expectFailure(options, 'examples/curl.sh')).toContain('provider_error');
    const refused = await run({ ...options, env: { VIDEO_PROXY_URL: api.url }, args: ['examples/curl.sh', 'a boat'] });
    expect(refused).toMatchObject({ code: 1, text: expect.stringContaining('missing_api_key') });
  });
});
