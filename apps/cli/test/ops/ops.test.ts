import type { BulkPreview, FailureGroups, VideoJobWire } from '@video-proxy/contracts';
import type { SpawnedProcess } from '@video-proxy/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type CliResult, runCli, startCli, type TemporaryFolder, temporaryFolder } from '../run-cli.ts';

let service: SpawnedProcess;
let folder: TemporaryFolder;
let env: Readonly<Record<string, string>>;

beforeAll(async () => {
  folder = await temporaryFolder();
  const keys = { CLIENT_KEYS: 'shell=open-sesame', OPS_KEY: 'key-of-the-operators' };
  service = await startCli(['start'], { cwd: folder.path, env: { HOST: '127.0.0.1', PORT: '0', ...keys } });
  const [, port] = await service.waitForLine(/listening on port (\d+)/, 20_000);
  const url = `http://127.0.0.1:${port}`;
  env = {
    VIDEO_PROXY_URL: url,
    VIDEO_PROXY_KEY: 'open-sesame',
    VIDEO_PROXY_OPS_KEY: 'key-of-the-operators',
    USER: 'ada',
  };
});

afterAll(async () => {
  await service.close();
  await folder[Symbol.asyncDispose]();
});

const cli = (...args: readonly string[]): Promise<CliResult> => runCli(args, { cwd: folder.path, env });

async function failedJob(words = 'fails'): Promise<VideoJobWire> {
  const { stdout } = await cli('generate', `[sandbox:${words} slow=0] a boat`, '--json');
  return JSON.parse(stdout) as VideoJobWire;
}

const readJob = async (id: string) => JSON.parse((await cli('jobs', 'show', id, '--json')).stdout) as VideoJobWire;

describe('ops', { timeout: 60_000 }, () => {
  test('overview says what is going on, and ends with 0 while nothing is critical', async () => {
    const { code, stdout } = await cli('ops', 'overview');
    expect(stdout).toMatch(/^ok, 1 workers, \d+ jobs$/m);
    expect(code).toBe(0);
  });

  test('failures are shown by cause, with the command that looks at a retry', async () => {
    const job = await failedJob();
    const { code, stdout } = await cli('ops', 'failures');
    expect(code).toBe(0);
    expect(stdout).toContain('provider_error');
    expect(stdout).toContain('safe to retry: nothing was billed');
    expect(stdout).toContain(job.id);
    expect(stdout).toMatch(/npx video-proxy ops retry --group \S+/);
  });

  test('search finds a job by its generation id, and by words of its prompt', async () => {
    const job = await failedJob();
    for (const words of [[job.generation_id ?? ''], ['a', 'boat']]) {
      const { code, stdout } = await cli('ops', 'search', ...words);
      expect(code).toBe(0);
      expect(stdout).toContain(job.id);
    }
    const { stdout, stderr } = await cli('ops', 'search', 'no-such-word-anywhere');
    expect(stdout).toBe('');
    expect(stderr).toContain('No such job.');
  });

  test('a retry shows first what it would do, and changes nothing', async () => {
    const job = await failedJob();
    const { code, stdout, stderr } = await cli('ops', 'retry', job.id);
    expect(code).toBe(0);
    expect(stdout).toContain('1 jobs would be sent again');
    expect(stderr).toContain('Nothing was changed');
    expect((await readJob(job.id)).attempt).toBe(1);
    const preview = JSON.parse((await cli('ops', 'retry', job.id, '--json')).stdout) as BulkPreview;
    expect(preview).toMatchObject({ object: 'bulk.preview', count: 1, unsafe: 0, job_ids: [job.id] });
  });

  test('with --yes a whole group is sent again, and the audit knows who did it and why', async () => {
    const job = await failedJob('moderation');
    const { groups } = JSON.parse((await cli('ops', 'failures', '--json')).stdout) as FailureGroups;
    const group = groups.find(({ sample_job_ids }) => sample_job_ids.includes(job.id));
    const { code, stdout } = await cli('ops', 'retry', '--group', group?.id ?? '', '--yes', '--reason', 'to see it');
    expect(stdout).toContain('finished: 1 sent again, 0 failed, 0 skipped');
    expect(code).toBe(0);
    expect((await readJob(job.id)).attempt).toBe(2);
    const headers = { authorization: `Bearer ${env['VIDEO_PROXY_OPS_KEY']}` };
    const audit = await (await fetch(`${env['VIDEO_PROXY_URL']}/ops/api/audit`, { headers })).json();
    expect(audit).toMatchObject({
      data: expect.arrayContaining([
        expect.objectContaining({
          action: 'bulk.retry',
          reason: 'to see it',
          operator: expect.objectContaining({ name: 'ada' }),
        }),
      ]),
    });
  });

  test('jobs that may have been billed are left out of a retry until --confirm-cost takes them in', async () => {
    const job = await failedJob('file-missing');
    const looked = await cli('ops', 'retry', job.id);
    expect(looked.stdout).toContain('1 may have been billed: left out unless you add --confirm-cost');
    const careful = await cli('ops', 'retry', job.id, '--yes');
    expect(careful.stdout).toContain('finished: 0 sent again, 0 failed, 1 skipped');
    expect(careful.stdout).toContain(`${job.id}  It may have been billed`);
    expect((await readJob(job.id)).attempt).toBe(1);
    const agreed = await cli('ops', 'retry', job.id, '--yes', '--confirm-cost');
    expect(agreed.stdout).toContain('finished: 1 sent again, 0 failed, 0 skipped');
    expect((await readJob(job.id)).attempt).toBe(2);
  });

  test('a retry of a job that is not there does not end as if it had been sent again', async () => {
    const { code, stdout, stderr } = await cli('ops', 'retry', `video_${'0'.repeat(26)}`, '--yes');
    expect([code, stdout.trim(), stderr.trim()]).toEqual([
      1,
      '0 jobs would be sent again, about 0.00 USD',
      'No such job.',
    ]);
    expect((await cli('ops', 'retry', '--code', 'content_rejected', '--owner', 'nobody', '--yes')).code).toBe(0);
  });

  test('a retry of nothing in particular is refused as wrong usage', async () => {
    const { code, stderr } = await cli('ops', 'retry', '--yes');
    expect(code).toBe(2);
    expect(stderr).toContain('Which jobs?');
  });

  test('a pause is shown to whoever waits, and ends with resume', async () => {
    const paused = await cli('ops', 'pause', 'the budget of the day is spent', '--minutes', '10');
    expect(paused.stdout).toMatch(/^Submissions are paused until \d{4}-\S+Z: the budget of the day is spent\./);
    const { stdout } = await cli('generate', '[sandbox:slow=0] a boat', '--no-wait', '--json');
    const { id } = JSON.parse(stdout) as VideoJobWire;
    await expect.poll(async () => (await readJob(id)).hold?.message).toContain('the budget of the day is spent');
    expect((await cli('ops', 'resume')).stdout).toContain('Submissions are running');
    expect((await cli('jobs', 'watch', id)).code).toBe(0);
  });

  test('a client key opens nothing of it, and the answer says which key it takes', async () => {
    const { code, stderr } = await cli('ops', 'failures', '--key', 'open-sesame');
    expect(code).toBe(1);
    expect(stderr).toContain('VIDEO_PROXY_OPS_KEY');
  });
});
