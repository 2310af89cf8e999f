import { mkdir, rm, writeFile } from 'node:fs/promises';
import { testNamespace } from '@video-proxy/testkit';
import { expect, test } from 'vitest';
import { startWorker } from './running-worker.ts';

test('a video that cannot be kept waits and says why, is downloaded once more, and completes when there is room', async () => {
  await using worker = await startWorker({ namespace: testNamespace() });
  const files = `${worker.directory}/files`;
  await writeFile(files, 'in the way of the folder');
  const job = await worker.submit('a kite');
  await expect
    .poll(async () => (await worker.ledger.jobs.events(job.id, { limit: 100 })).map(({ type }) => type), {
      timeout: 10_000,
    })
    .toContain('storage_unavailable');
  expect((await worker.ledger.jobs.get(job.id))?.lifecycle.state).toBe('storing');
  expect(worker.logLines.join('')).toContain('there is a file where a folder should be (ENOTDIR)');

  await rm(files);
  await mkdir(files);
  expect((await worker.ended(job)).lifecycle.state).toBe('completed');
  const downloads = worker.sandbox.control.requests().filter(({ kind }) => kind === 'download');
  expect(downloads).toHaveLength(2);
});
