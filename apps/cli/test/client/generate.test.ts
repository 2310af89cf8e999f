import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { SpawnedProcess } from '@video-proxy/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type CliResult, runCli, startCli, type TemporaryFolder, temporaryFolder } from '../run-cli.ts';

let service: SpawnedProcess;
let folder: TemporaryFolder;
let env: Readonly<Record<string, string>>;

beforeAll(async () => {
  folder = await temporaryFolder();
  service = await startCli(['start'], {
    cwd: folder.path,
    env: { HOST: '127.0.0.1', PORT: '0', CLIENT_KEYS: 'shell=open-sesame' },
  });
  const [, port] = await service.waitForLine(/listening on port (\d+)/, 20_000);
  env = { VIDEO_PROXY_URL: `http://127.0.0.1:${port}`, VIDEO_PROXY_KEY: 'open-sesame' };
});

afterAll(async () => {
  await service.close();
  await folder[Symbol.asyncDispose]();
});

const cli = (...args: readonly string[]): Promise<CliResult> => runCli(args, { cwd: folder.path, env });

describe('generate', () => {
  test('saves the finished video whole, and prints where it is', async () => {
    const { code, stdout } = await cli(
      'generate',
      '[sandbox:slow=0] a boat',
      '--out',
      'boat.mp4',
      '--param',
      'duration=4',
    );
    expect(code).toBe(0);
    const saved = await readFile(join(folder.path, 'boat.mp4'));
    expect(saved.subarray(4, 8).toString()).toBe('ftyp');
    expect(stdout).toContain(join(folder.path, 'boat.mp4'));
    expect(stdout).toMatch(/watch {2}http:\/\/127\.0\.0\.1:\d+\/v\//);
    expect((await readdir(folder.path)).filter((name) => name.endsWith('.part'))).toEqual([]);
  });

  test('prints the job with its file as JSON, and nothing else on stdout', async () => {
    const { code, stdout } = await cli('generate', '[sandbox:slow=0] a boat', '--json');
    expect(code).toBe(0);
    const job = JSON.parse(stdout) as { id: string; file: string; video: { sha256: string } };
    expect(job.file).toBe(join(folder.path, `${job.id}.mp4`));
    expect(
      createHash('sha256')
        .update(await readFile(job.file))
        .digest('hex'),
    ).toBe(job.video.sha256);
  });

  test('of a failed video prints text, code, money and the request ids, and ends with 1', async () => {
    const { code, stdout, stderr } = await cli('generate', '[sandbox:fails] a boat');
    expect(code).toBe(1);
    expect(stdout).toBe('');
    expect(stderr).toMatch(/code provider_error, nothing was billed/);
    expect(stderr).toMatch(/sandbox said: /);
    expect(stderr).toMatch(/job video_\w{26}, request req_/);
  });

  test('--no-wait prints the id and leaves the job to the service', async () => {
    const { code, stdout } = await cli('generate', '[sandbox:slow=0] a boat', '--no-wait');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^video_\w{26}$/);
    const watched = await cli('jobs', 'watch', stdout, '--out', 'later.mp4');
    expect(watched.code).toBe(0);
    expect((await readFile(join(folder.path, 'later.mp4'))).length).toBeGreaterThan(1_000);
  });

  test('Ctrl-C ends the waiting, says how to go on, and leaves the job running', async () => {
    const running = await startCli(['generate', '[sandbox:never] a boat'], { cwd: folder.path, env });
    const [, id = ''] = await running.waitForLine(/(video_\w{26}): generating/);
    running.signal('SIGINT');
    expect(await running.exited).toEqual({ code: 130, signal: null });
    expect(running.stderr.join('\n')).toContain(`video-proxy jobs watch ${id}`);
    const { stdout } = await cli('jobs', 'show', id, '--json');
    expect(JSON.parse(stdout)).toMatchObject({ status: 'in_progress', phase: 'generating' });
    const cancelled = await cli('jobs', 'cancel', id, '--json');
    expect(JSON.parse(cancelled.stdout)).toMatchObject({ phase: 'cancelling' });
  });

  test('a mistake in a parameter is named before anything is made', async () => {
    const { code, stderr } = await cli('generate', 'a boat', '--param', 'duration=5');
    expect(code).toBe(1);
    expect(stderr).toMatch(/duration must be one of 4, 6, 8/);
  });

  test('a place that cannot be written to is refused before a job exists', async () => {
    const { code, stderr } = await cli('generate', '[sandbox:slow=0] never made', '--out', 'no/such/folder/boat.mp4');
    expect(code).toBe(1);
    expect(stderr).toContain('not a folder one can write to');
    const { stdout } = await cli('jobs', 'list', '--json');
    expect(stdout).not.toContain('never made');
  });

  test('a wrong client key is told apart from everything else', async () => {
    const { code, stderr } = await cli('generate', 'a boat', '--key', 'wrong');
    expect(code).toBe(1);
    expect(stderr).toContain('VIDEO_PROXY_KEY');
  });

  test('a service that is not running is named, with the command that starts one', async () => {
    const { code, stderr } = await cli('generate', 'a boat', '--url', 'http://127.0.0.1:2');
    expect(code).toBe(1);
    expect(stderr).toContain('No service answers at http://127.0.0.1:2');
    expect(stderr).toContain('npm start');
  });
});

describe('jobs', () => {
  test('list shows one line a job, newest first, and says how to see more', async () => {
    const { code, stdout, stderr } = await cli('jobs', 'list', '--limit', '2');
    expect(code).toBe(0);
    const lines = stdout.split('\n');
    expect(lines).toHaveLength(2);
    expect(lines[0]).toMatch(/^video_\w{26} {2}(queued|in_progress|completed|failed)/);
    expect(stderr).toMatch(/--after video_/);
  });

  test('retry makes another attempt of a failed job', async () => {
    const failed = await cli('generate', '[sandbox:fails] again', '--json');
    const { id } = JSON.parse(failed.stdout) as { id: string };
    expect(failed.code).toBe(1);
    const { code, stdout } = await cli('jobs', 'retry', id, '--json');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ id, attempt: 2, status: expect.stringMatching(/queued|in_progress/) });
  });

  test('recheck of a job that has nothing to ask about says why', async () => {
    const made = await cli('generate', '[sandbox:slow=0] a boat', '--json', '--out', 'recheck.mp4');
    const { id } = JSON.parse(made.stdout) as { id: string };
    const { code, stderr } = await cli('jobs', 'recheck', id);
    expect(code).toBe(1);
    expect(stderr).toContain('nothing to ask about');
    expect(stderr).toContain('409 nothing_to_recheck');
  });

  test('recheck of a failed job asks the provider again, in the same attempt', async () => {
    const failed = await cli('generate', '[sandbox:fails] asked again', '--json');
    const { id } = JSON.parse(failed.stdout) as { id: string };
    const { code, stdout } = await cli('jobs', 'recheck', id, '--json');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ id, attempt: 1, status: 'in_progress' });
  });

  test('an id that does not exist is named as such', async () => {
    const { code, stderr } = await cli('jobs', 'show', 'video_00000000000000000000000000');
    expect(code).toBe(1);
    expect(stderr).toContain('video-proxy jobs list');
  });
});
