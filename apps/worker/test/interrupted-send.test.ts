import { testNamespace } from '@video-proxy/testkit';
import { expect, test } from 'vitest';
import { startWorker } from './running-worker.ts';

test('a worker that was stopped before it could send does not send an attempt that was given up meanwhile', async () => {
  let stoppedMs = 0;
  await using worker = await startWorker({
    namespace: testNamespace(),
    now: () => Date.now() + stoppedMs,
    async whileSettling({ id, attempt }, ledger) {
      if (attempt > 1) return;
      const retriedMeanwhile = ['submit_lost', 'submission_not_found', 'retry_requested'] as const;
      for (const type of retriedMeanwhile) {
        await ledger.jobs.apply(id, type === 'submit_lost' ? { type, evidence: null } : { type }, Date.now());
      }
      stoppedMs = 900_000;
    },
  });
  const job = await worker.submit('a kite');
  await worker.until(job, ({ attempt, lifecycle }) => attempt === 2 && lifecycle.state === 'completed');
  expect(worker.sandbox.control.creates()).toMatchObject({ received: 1, accepted: 1 });
});

test('a worker that was stopped for a while before it could send puts the job back, which is sent once', async () => {
  let stoppedMs = 0;
  await using worker = await startWorker({
    namespace: testNamespace(),
    now: () => Date.now() + stoppedMs,
    async whileSettling() {
      stoppedMs ||= 20_000;
    },
  });
  const job = await worker.ended(await worker.submit('a kite'));
  expect(job).toMatchObject({ attempt: 1, lifecycle: { state: 'completed' } });
  const types = (await worker.ledger.jobs.events(job.id, { limit: 99 })).map(({ type }) => type);
  expect(types).toContain('submit_deferred');
  expect(worker.sandbox.control.creates()).toMatchObject({ received: 1, accepted: 1 });
});

test('a worker that has to end before it could send puts the job back, and does not leave a request that nobody can find', async () => {
  const ending = new AbortController();
  await using worker = await startWorker({
    namespace: testNamespace(),
    ending: ending.signal,
    async whileSettling() {
      ending.abort();
    },
  });
  const job = await worker.submit('a kite');
  const { lifecycle } = await worker.until(
    job,
    (now) => now.lifecycle.state === 'queued' && now.lifecycle.deferral !== null,
  );
  expect(lifecycle).toMatchObject({ deferral: { code: 'internal_error' } });
  expect(worker.sandbox.control.creates().received).toBe(0);
});
