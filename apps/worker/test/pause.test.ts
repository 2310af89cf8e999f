import type { OpsHold, VideoJob } from '@video-proxy/core';
import { testNamespace } from '@video-proxy/testkit';
import { expect, test } from 'vitest';
import { type RunningWorker, startWorker } from './running-worker.ts';

const pause = (untilMs: number | null): OpsHold => ({
  code: 'paused',
  message: 'new disks',
  sinceMs: Date.now(),
  untilMs,
  evidence: null,
  by: 'operator',
});

async function sentAtMs({ ledger }: RunningWorker, { id }: VideoJob): Promise<number | undefined> {
  return (await ledger.jobs.events(id, { limit: 100 })).find(({ type }) => type === 'submit_started')?.atMs;
}

test('while operators pause nothing is sent, and everything goes on when they resume', async () => {
  await using worker = await startWorker({ namespace: testNamespace() });
  await worker.ledger.holds.changePause(() => pause(null));
  const waiting = await worker.submit('a kite');
  await expect.poll(async () => (await worker.steps.counts()).submit.active).toBe(0);
  expect(worker.sandbox.control.creates().received).toBe(0);
  const resumedAtMs = Date.now();
  await worker.ledger.holds.changePause(() => null);
  expect((await worker.ended(waiting)).lifecycle.state).toBe('completed');
  expect(await sentAtMs(worker, waiting)).toBeGreaterThanOrEqual(resumedAtMs);
});

test('a pause with an end is over by itself, not before its time, and its record goes with a line in the log', async () => {
  await using worker = await startWorker({ namespace: testNamespace() });
  const untilMs = Date.now() + 1_500;
  await worker.ledger.holds.changePause(() => pause(untilMs));
  const waiting = await worker.submit('a kite');
  expect((await worker.ended(waiting)).lifecycle).toMatchObject({ state: 'completed' });
  expect(await sentAtMs(worker, waiting)).toBeGreaterThanOrEqual(untilMs);
  await expect.poll(async () => (await worker.ledger.holds.read()).ops, { timeout: 15_000 }).toBeNull();
  await expect.poll(() => worker.logLines.join('')).toContain('"event":"pause_ended"');
});

test('a job that waits longer than held jobs may because of a pause fails without having been sent', async () => {
  await using worker = await startWorker({ namespace: testNamespace(), limits: { holdMaxMs: 200 } });
  await worker.ledger.holds.changePause(() => pause(null));
  const job = await worker.ended(await worker.submit('a kite'));
  expect(job.lifecycle).toMatchObject({ state: 'failed', failure: { code: 'hold_expired', billed: 'no' } });
  expect(worker.sandbox.control.creates().received).toBe(0);
});
