import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fingerprintOf, openApiKey } from '@video-proxy/aimlapi';
import type { JsonObject } from '@video-proxy/core';
import { sandboxApiKey } from '@video-proxy/sandbox';
import { testNamespace } from '@video-proxy/testkit';
import { expect, onTestFinished, test } from 'vitest';
import { answerReloads } from '../src/operator-questions.ts';
import { type RunningWorker, startWorker } from './running-worker.ts';

const otherKey = 'f'.repeat(32);

async function answersTo(worker: RunningWorker, kind: 'probe' | 'reload', count = 1): Promise<JsonObject[]> {
  const { id } = await worker.ledger.questions.ask(kind);
  await expect.poll(async () => (await worker.ledger.questions.answers(id)).size, { timeout: 10_000 }).toBe(count);
  return [...(await worker.ledger.questions.answers(id)).values()];
}

test('asked by an operator, one worker of several asks the provider at once, and says what it answered', async () => {
  const namespace = testNamespace();
  await using worker = await startWorker({ namespace });
  await using other = await startWorker({ namespace, baseUrl: worker.sandbox.url });
  await expect.poll(() => worker.ledger.credential.read()).toMatchObject({ state: 'ok' });
  const before = billings(worker);
  expect(await answersTo(worker, 'probe')).toMatchObject([
    { kind: 'ok', balanceUsd: 100_000, fingerprint: fingerprintOf(sandboxApiKey) },
  ]);
  expect(billings(worker)).toBe(before + 1);
  expect(billings(other)).toBe(0);
  expect(worker.sandbox.control.creates().received).toBe(0);
});

test('a refusal is answered with the words and the request id of the provider, and holds submissions', async () => {
  await using worker = await startWorker({ namespace: testNamespace() });
  await expect.poll(() => worker.ledger.credential.read()).toMatchObject({ state: 'ok' });
  worker.sandbox.control.script('billing', 'incident');
  expect(await answersTo(worker, 'probe')).toMatchObject([
    { kind: 'refused', state: 'rejected', evidence: { statusCode: 401, requestId: 'hRNOI9BMsuLeZ76UNdGhS' } },
  ]);
  expect(await worker.ledger.credential.read()).toMatchObject({ state: 'rejected' });
});

test('a good answer to an operator lets a waiting job go at once, however long the pause would have been', async () => {
  await using worker = await startWorker({ namespace: testNamespace(), probeIntervalMs: 600_000 });
  worker.sandbox.control.script('create', 'incident');
  expect((await worker.ended(await worker.submit('a kite'))).lifecycle).toMatchObject({ state: 'failed' });
  const waiting = await worker.submit('a balloon');
  await expect.poll(() => worker.ledger.credential.read()).toMatchObject({ state: 'rejected' });
  expect(await answersTo(worker, 'probe')).toMatchObject([{ kind: 'ok' }]);
  expect((await worker.ended(waiting)).lifecycle.state).toBe('completed');
});

test('without a key there is nothing to ask with, and the answer says so', async () => {
  await using worker = await startWorker({ namespace: testNamespace(), apiKey: undefined });
  expect(await answersTo(worker, 'probe')).toMatchObject([{ kind: 'no_key', finding: 'AI_ML_API_KEY is not set' }]);
});

test('every worker looks at its key file when an operator asks for it, and says which key it holds now', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'key-file-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const apiKeyFile = join(folder, 'key');
  await writeFile(apiKeyFile, otherKey);
  const namespace = testNamespace();
  await using worker = await startWorker({ namespace, apiKeyFile });
  await using _other = await startWorker({ namespace, baseUrl: worker.sandbox.url });
  await writeFile(apiKeyFile, sandboxApiKey);
  const answers = await answersTo(worker, 'reload', 2);
  const fingerprint = fingerprintOf(sandboxApiKey);
  expect(answers).toContainEqual(expect.objectContaining({ source: 'file', fingerprint, finding: null }));
  expect(answers).toContainEqual(expect.objectContaining({ source: 'environment', fingerprint }));
  await expect.poll(() => worker.ledger.credential.read()).toMatchObject({ fingerprint });
});

test('a question that meets trouble does not take the next one along', async () => {
  await using worker = await startWorker({ namespace: testNamespace() });
  const { ledger } = worker;
  const key = { ...openApiKey({ value: sandboxApiKey }), source: 'environment' } as const;
  let looks = 0;
  const account = {
    async reload() {
      looks += 1;
      if (looks === 1) throw new Error('Redis was away');
    },
    probeNow: async () => null,
  };
  const answer = answerReloads({ workerId: 'other', ledger, account, now: Date.now }, { host: 'other-host', key });
  const { signal } = new AbortController();
  const asked = [await ledger.questions.ask('reload'), await ledger.questions.ask('reload')];
  await expect(answer(signal)).rejects.toThrow('Redis was away');
  await answer(signal);
  const answers = await Promise.all(asked.map(({ id }) => ledger.questions.answers(id)));
  expect(answers.filter((given) => given.has('other'))).toHaveLength(1);
});

test('a beat says where the worker is, where it has its key from and which steps it has in hand', async () => {
  await using worker = await startWorker({ namespace: testNamespace() });
  await expect
    .poll(() => worker.ledger.workers.list(Date.now()))
    .toMatchObject([{ host: 'test-host', keySource: 'environment', stepsInHand: { submit: 0, poll: 0, store: 0 } }]);
});

function billings({ sandbox }: RunningWorker): number {
  return sandbox.control.requests().filter(({ kind }) => kind === 'billing').length;
}
