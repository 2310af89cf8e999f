import { hasRedisServerProgram, startReplicated } from '@video-proxy/testkit';
import { expect, test } from 'vitest';
import { startWorker } from './running-worker.ts';

test('a create request does not leave before a replica knows of it: the job waits, and is sent once when it does', {
  timeout: 40_000,
}, async ({ skip }) => {
  skip(!(await hasRedisServerProgram()));
  const { url, replica } = await startReplicated();
  await using worker = await startWorker({ namespace: 'vp', redisUrl: url });
  const { control } = worker.sandbox;
  expect((await worker.ended(await worker.submit('before'))).lifecycle.state).toBe('completed');

  replica.signal('SIGSTOP');
  const job = await worker.submit('a kite');
  const waiting = await worker.until(
    job,
    ({ lifecycle }) => lifecycle.state === 'queued' && lifecycle.deferral !== null,
  );
  expect(waiting.lifecycle).toMatchObject({
    deferral: { code: 'internal_error', message: expect.stringContaining('was not sent'), evidence: null },
  });
  expect(control.creates().received).toBe(1);

  replica.signal('SIGCONT');
  expect((await worker.ended(job)).lifecycle.state).toBe('completed');
  expect(control.creates()).toMatchObject({ received: 2, accepted: 2 });
  const types = (await worker.ledger.jobs.events(job.id, { limit: 99 })).map(({ type }) => type);
  expect(types.filter((type) => type === 'submit_lost')).toEqual([]);
});
