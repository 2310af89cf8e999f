import { testNamespace } from '@video-proxy/testkit';
import { expect, test } from 'vitest';
import { startWorker } from './running-worker.ts';

test('a rate limit stops all workers: one try a pause, and then everything goes on', async () => {
  const namespace = testNamespace();
  await using worker = await startWorker({ namespace });
  await using _other = await startWorker({ namespace, baseUrl: worker.sandbox.url });
  await expect.poll(() => worker.ledger.credential.read()).toMatchObject({ state: 'ok' });
  worker.sandbox.control.script('create', 'rate-limited retry-after=1', 2);
  const first = await worker.submit('the first');
  await worker.until(first, ({ lifecycle }) => lifecycle.state === 'queued' && lifecycle.deferral !== null);
  const jobs = await Promise.all(Array.from({ length: 8 }, (_, index) => worker.submit(`video ${index}`)));
  await expect
    .poll(async () => (await worker.ledger.holds.read()).provider, { timeout: 15_000 })
    .toMatchObject({ code: 'provider_rate_limited', tries: 2, evidence: { statusCode: 429 } });
  // The one that met the limit, and one when the pause was over, although nine jobs wait for eight slots.
  expect(worker.sandbox.control.creates()).toMatchObject({ received: 2, accepted: 0 });
  for (const job of [first, ...jobs]) expect((await worker.ended(job)).lifecycle.state).toBe('completed');
  expect((await worker.ledger.holds.read()).provider).toBeNull();
  expect(worker.sandbox.control.creates()).toMatchObject({ received: 11, accepted: 9 });
});

test('a provider that asks to wait long is obeyed by all workers, also by one that starts meanwhile', async () => {
  const namespace = testNamespace();
  const limits = { holdMaxMs: 1_000 };
  await using worker = await startWorker({ namespace, limits });
  worker.sandbox.control.script('create', 'rate-limited retry-after=300');
  const first = await worker.submit('the first');
  await worker.until(first, ({ lifecycle }) => lifecycle.state === 'queued' && lifecycle.deferral !== null);
  const { provider } = await worker.ledger.holds.read();
  expect(provider?.untilMs).toBe((provider?.refusedAtMs ?? 0) + 300_000);

  await using _other = await startWorker({ namespace, limits, baseUrl: worker.sandbox.url });
  const { lifecycle } = await worker.ended(await worker.submit('the second'));
  expect(lifecycle).toMatchObject({ failure: { code: 'hold_expired', billed: 'no', evidence: { statusCode: 429 } } });
  expect(worker.sandbox.control.creates().received).toBe(1);
});

test('a provider that cannot be reached holds every waiting job, each of which may expire', async () => {
  const limits = { holdMaxMs: 3_000 };
  await using worker = await startWorker({ namespace: testNamespace(), baseUrl: 'http://127.0.0.1:9', limits });
  const jobs = await Promise.all(['one', 'two', 'three'].map((prompt) => worker.submit(prompt)));
  await expect
    .poll(async () => (await worker.ledger.holds.read()).provider)
    .toMatchObject({ code: 'provider_unavailable', evidence: { statusCode: null } });
  for (const job of jobs) {
    expect((await worker.ended(job)).lifecycle).toMatchObject({ failure: { code: 'hold_expired', billed: 'no' } });
  }
});

test('any answer of the provider but a rate limit ends its pause', async () => {
  await using worker = await startWorker({ namespace: testNamespace() });
  worker.sandbox.control.script('create', 'rate-limited');
  worker.sandbox.control.script('create', 'invalid-payload');
  const { lifecycle } = await worker.ended(await worker.submit('a kite'));
  expect(lifecycle).toMatchObject({ failure: { code: 'invalid_request' } });
  expect((await worker.ledger.holds.read()).provider).toBeNull();
});
