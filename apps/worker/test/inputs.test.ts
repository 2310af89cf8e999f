import { rename, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { testNamespace } from '@video-proxy/testkit';
import { expect, test } from 'vitest';
import { removeUnusedInputs } from '../src/upkeep/unused-inputs.ts';
import { type RunningWorker, startWorker } from './running-worker.ts';

const id = 'file_01k8z3v9q4n7x2m5t6r8w0y1kf';
const file = {
  id,
  owner: 'client',
  filename: 'kite.png',
  contentType: 'image/png',
  sizeBytes: 9,
  storageKey: 'inputs/kf/kite.png',
  secret: 'secret',
  createdAtMs: Date.now(),
};

async function keep({ directory, storage, ledger }: RunningWorker): Promise<void> {
  await writeFile(`${directory}/kite`, 'a picture');
  await storage.put(file.storageKey, `${directory}/kite`);
  await ledger.inputs.create(file);
}

const parameters = { image_url: id, elements: [{ image_url: id, weight: 1 }] };

test('a picture that a job names goes into its request, as often as it is named', async () => {
  await using worker = await startWorker({ namespace: testNamespace() });
  await keep(worker);
  const job = await worker.submit('a kite', 'google/veo-3.1-i2v', 'client', parameters);
  const { body } = await worker.sandbox.control.waitForRequest(({ kind }) => kind === 'create');
  const picture = `data:image/png;base64,${Buffer.from('a picture').toString('base64')}`;
  expect(body).toMatchObject({ image_url: picture, elements: [{ image_url: picture, weight: 1 }] });
  expect((await worker.ledger.jobs.get(job.id))?.parameters).toEqual(parameters);
});

test('without its picture a job fails before anything is sent, and says what to do', async () => {
  await using worker = await startWorker({ namespace: testNamespace() });
  const job = await worker.submit('a kite', 'google/veo-3.1-i2v', 'client', parameters);
  expect((await worker.ended(job)).lifecycle).toMatchObject({
    state: 'failed',
    failure: {
      code: 'invalid_request',
      billed: 'no',
      message: expect.stringContaining('"image_url" has been deleted'),
      said: { code: 'failure_input_deleted', facts: { param: 'image_url' } },
    },
  });
  expect(worker.sandbox.control.creates().received).toBe(0);
});

test('a picture that the disk cannot read now lets its job wait and say so, until it can be read', async () => {
  await using worker = await startWorker({ namespace: testNamespace() });
  await keep(worker);
  const path = join(worker.directory, 'files', file.storageKey);
  await rename(path, `${path}.kept`);
  // Opening it succeeds, and reading it fails with EIO.
  await symlink('/proc/self/mem', path);
  const job = await worker.submit('a kite', 'google/veo-3.1-i2v', 'client', parameters);
  const { lifecycle } = await worker.until(
    job,
    (now) => now.lifecycle.state === 'queued' && now.lifecycle.deferral !== null,
  );
  expect(lifecycle).toMatchObject({
    deferral: { said: { code: 'hold_files_unreadable', facts: { part: 'storage_EIO' } } },
  });
  await rename(`${path}.kept`, path);
  expect((await worker.ended(job)).lifecycle.state).toBe('completed');
});

test('a film that was deleted is not sent as a link that leads nowhere', async () => {
  await using worker = await startWorker({ namespace: testNamespace() });
  const link = `https://videos.example.com/f/${id.slice('file_'.length)}${'s'.repeat(22)}`;
  const job = await worker.submit('a kite', 'google/veo-3.1-i2v', 'client', { video_url: link });
  expect((await worker.ended(job)).lifecycle).toMatchObject({ failure: { code: 'invalid_request', billed: 'no' } });
  await keep(worker);
  const kept = await worker.submit('a kite', 'google/veo-3.1-i2v', 'client', { video_url: link });
  const { body } = await worker.sandbox.control.waitForRequest(({ kind }) => kind === 'create');
  expect(body).toMatchObject({ video_url: link });
  expect((await worker.ended(kept)).attempt).toBe(1);
});

test('a file is removed when nobody has used it for the retention time', async () => {
  await using worker = await startWorker({ namespace: testNamespace() });
  await keep(worker);
  const { ledger, storage } = worker;
  const limits = {
    generationTimeoutMs: 1,
    holdMaxMs: 1,
    submissionLookupMs: 1,
    retentionMs: 1_000,
    ownerRunningMax: null,
  };
  await ledger.inputs.used(id, file.createdAtMs + 500);
  await removeUnusedInputs({ ledger, storage, limits, now: () => file.createdAtMs + 1_400 });
  expect(await ledger.inputs.get(id)).not.toBeNull();
  await removeUnusedInputs({ ledger, storage, limits, now: () => file.createdAtMs + 1_500 });
  expect(await ledger.inputs.get(id)).toBeNull();
  expect(await storage.stat(file.storageKey)).toBeNull();
  expect(await ledger.inputs.usageOf('client')).toEqual({ count: 0, sizeBytes: 0 });
});
