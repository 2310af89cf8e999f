import type { OpsHold } from '@video-proxy/core';
import { testNamespace } from '@video-proxy/testkit';
import { expect, test } from 'vitest';
import { startWorker } from './running-worker.ts';

const pause = (untilMs: number | null): OpsHold => ({
  code: 'paused',
  message: 'new disks',
  sinceMs: Date.now(),
  untilMs,
  evidence: null,
  by: 'operator',
});

test('while operators pause nothing is sent, and everything goes on when they resume', async () => {
  await using worker = await startWorker({ namespace: testNamespace() });
  await worker.ledger.holds.changePause(() => pause(null));
  const waiting = await worker.submit('a kite');
  // It was added to be taken at once: one that waits for its time has been taken, and put back.
  const step = { jobId: waiting.id, attempt: 1 };
  await expect.poll(() => worker.steps.find(step)).toMatchObject([{ step: 'submit', state: 'delayed' }]);
  expect(worker.sandbox.control.creates().received).toBe(0);
  await worker.ledger.holds.changePause(() => null);
  expect((await worker.ended(waiting)).lifecycle.state).toBe('completed');
});

test('a pause with an end is over by itself, and its record goes', async () => {
  await using worker = await startWorker({ namespace: testNamespace() });
  await worker.ledger.holds.changePause(() => pause(Date.now() + 1_500));
  const waiting = await worker.submit('a kite');
  expect((await worker.ended(waiting)).lifecycle).toMatchObject({ state: 'completed' });
  await expect.poll(async () => (await worker.ledger.holds.read()).ops, { timeout: 15_000 }).toBeNull();
});

test('a job that waits longer than held jobs may because of a pause fails without having been sent', async () => {
  await using worker = await startWorker({ namespace: testNamespace(), limits: { holdMaxMs: 200 } });
  await worker.ledger.holds.changePause(() => pause(null));
  const job = await worker.ended(await worker.submit('a kite'));
  expect(job.lifecycle).toMatchObject({ state: 'failed', failure: { code: 'hold_expired', billed: 'no' } });
  expect(worker.sandbox.control.creates().received).toBe(0);
});
