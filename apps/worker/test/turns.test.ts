import { testNamespace } from '@video-proxy/testkit';
import { expect, test } from 'vitest';
import { startWorker } from './running-worker.ts';

const model = 'google/veo-3.1-t2v';

test('who asks for many videos does not delay the first one of somebody else', async () => {
  await using worker = await startWorker({ namespace: testNamespace(), probeIntervalMs: 500 });
  const { control } = worker.sandbox;
  control.setKeyAccepted(false);
  await expect.poll(() => worker.ledger.credential.read()).toMatchObject({ state: 'rejected' });
  for (let count = 0; count < 40; count += 1) await worker.submit(`many ${count} [sandbox:slow=60]`, model, 'acme/ann');
  const late = await worker.submit('one [sandbox:slow=60]', model, 'acme/bob');
  expect(await worker.ledger.turns.positionOf(late)).toBe(2);
  control.setKeyAccepted(true);
  await expect.poll(() => control.creates().accepted).toBe(41);
  // Four requests leave at once here, in whatever order they arrive.
  expect(Object.keys(control.creates().byClientRequestId).slice(0, 5)).toContain(`${late.id}.1`);
});

test('of an owner at the limit one job runs at a time, while others go on', async () => {
  await using worker = await startWorker({ namespace: testNamespace(), limits: { ownerRunningMax: 1 } });
  const first = await worker.submit('first [sandbox:slow=3]', model, 'acme/ann');
  const second = await worker.submit('second', model, 'acme/ann');
  const other = await worker.submit('other', model, 'acme/bob');
  await worker.ended(other);
  const meanwhile = await Promise.all([first, second].map(({ id }) => worker.ledger.jobs.get(id)));
  expect(meanwhile.map((job) => job?.lifecycle.state)).toEqual(['generating', 'queued']);
  for (const job of [first, second]) expect((await worker.ended(job)).lifecycle.state).toBe('completed');
  const events = await worker.ledger.jobs.events(second.id, { limit: 100 });
  const firstEnded = (await worker.ledger.jobs.events(first.id, { limit: 100 })).at(-1)?.atMs ?? Number.NaN;
  expect(events.find(({ type }) => type === 'submit_started')?.atMs).toBeGreaterThanOrEqual(firstEnded);
});

test('one step is enough: jobs whose steps were lost are sent with the next one', async () => {
  await using worker = await startWorker({ namespace: testNamespace() });
  const silent = [];
  for (let count = 0; count < 5; count += 1) {
    silent.push(await worker.write(`silent ${count}`, { state: 'queued', queuedAtMs: Date.now(), deferral: null }));
  }
  await worker.submit('loud');
  for (const job of silent) expect((await worker.ended(job)).lifecycle.state).toBe('completed');
});

test('a request whose sender is gone is looked up at once, one whose sender works is waited for', async () => {
  await using worker = await startWorker({ namespace: testNamespace() });
  const listWorkers = () => worker.ledger.workers.list(Date.now());
  await expect.poll(listWorkers).toHaveLength(1);
  const [sender] = await listWorkers();
  const sending = { state: 'submitting', submittedAtMs: Date.now(), queuedAtMs: Date.now() } as const;
  const waited = await worker.write('a kite', { ...sending, worker: sender?.id ?? '' });
  const lost = await worker.write('a kite', { ...sending, worker: 'gone' });
  const found = await worker.until(lost, ({ lifecycle }) => lifecycle.state !== 'submitting');
  expect(found.lifecycle.state).toBe('submission_unknown');
  expect((await worker.ledger.jobs.get(waited.id))?.lifecycle.state).toBe('submitting');
});
