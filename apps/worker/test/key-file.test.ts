import { mkdir, mkdtemp, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sandboxApiKey } from '@video-proxy/sandbox';
import { testNamespace } from '@video-proxy/testkit';
import { expect, onTestFinished, test } from 'vitest';
import { type RunningWorker, startWorker } from './running-worker.ts';

const wrongKey = 'f'.repeat(32);

async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'key-file-'));
  onTestFinished(() => rm(path, { recursive: true }));
  return path;
}

/** A worker whose key was refused three times in a row, so that the next trial would be far away. */
async function refusedWorker(apiKeyFile: string): Promise<RunningWorker> {
  const worker = await startWorker({ namespace: testNamespace(), apiKeyFile, probeIntervalMs: 120_000 });
  worker.sandbox.control.script('billing', 'unavailable', 10_000);
  const job = await worker.ended(await worker.submit('a kite'));
  expect(job.lifecycle).toMatchObject({ state: 'failed', failure: { code: 'provider_auth_failed' } });
  expect((await worker.ledger.holds.read()).accounts.size).toBe(1);
  return worker;
}

test('a key file that is replaced in one step ends the hold, its pause and what was known of models', async () => {
  const file = join(await folder(), 'key');
  await writeFile(file, `${wrongKey}\n`);
  await using worker = await refusedWorker(file);
  await worker.ledger.holds.change('model:some/model', () => ({
    code: 'provider_out_of_credits',
    message: 'too few credits',
    sinceMs: 1,
    untilMs: Date.now() + 600_000,
    evidence: null,
    tries: 5,
    refusedAtMs: 1,
    balanceUsd: 1,
    doubted: false,
  }));
  const waiting = await worker.submit('the second');
  await writeFile(`${file}.new`, `${sandboxApiKey}\n`);
  await rename(`${file}.new`, file);
  expect((await worker.ended(waiting)).lifecycle.state).toBe('completed');
  const { accounts, models } = await worker.ledger.holds.read();
  expect([accounts.size, models.size]).toEqual([0, 0]);
});

test('a mounted secret that is swapped by its symbolic link is followed', async () => {
  const mount = await folder();
  for (const [version, key] of Object.entries({ v1: wrongKey, v2: sandboxApiKey })) {
    await mkdir(join(mount, version));
    await writeFile(join(mount, version, 'key'), key);
  }
  await symlink('v1', join(mount, '..data'));
  await symlink(join('..data', 'key'), join(mount, 'key'));
  await using worker = await refusedWorker(join(mount, 'key'));
  const waiting = await worker.submit('the second');
  await symlink('v2', join(mount, '..data_tmp'));
  await rename(join(mount, '..data_tmp'), join(mount, '..data'));
  expect((await worker.ended(waiting)).lifecycle.state).toBe('completed');
});

test('a key file that disappears holds everything, and the same key in it again is used at once', async () => {
  const file = join(await folder(), 'key');
  await writeFile(file, sandboxApiKey);
  await using worker = await startWorker({ namespace: testNamespace(), apiKeyFile: file });
  await expect.poll(() => worker.ledger.credential.read()).toMatchObject({ state: 'ok' });
  await rm(file);
  await expect.poll(() => worker.ledger.credential.read(), { timeout: 5_000 }).toMatchObject({ state: 'missing' });
  const waiting = await worker.submit('a kite');
  await writeFile(file, sandboxApiKey);
  expect((await worker.ended(waiting)).lifecycle.state).toBe('completed');
});

test('what is wrong with a key file is told anew when something else is wrong with it', async () => {
  const file = join(await folder(), 'key');
  await writeFile(file, '');
  await using worker = await startWorker({ namespace: testNamespace(), apiKeyFile: file });
  const told = () => worker.ledger.credential.read();
  await expect.poll(told).toMatchObject({ state: 'missing', finding: expect.stringContaining('is empty') });
  await rm(file);
  await expect
    .poll(told, { timeout: 5_000 })
    .toMatchObject({ finding: expect.stringContaining('cannot be read (ENOENT)') });
});
