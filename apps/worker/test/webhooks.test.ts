import type { ServerResponse } from 'node:http';
import { deliveryOf, failure, resent, unreachedReasons, type VideoJob } from '@video-proxy/core';
import { unreachedCodes } from '@video-proxy/outbound';
import { startWebhookReceiver, testNamespace, type WebhookReceiver } from '@video-proxy/testkit';
import { Webhook } from 'standardwebhooks';
import { expect, onTestFinished, test, vi } from 'vitest';
import { restoreDeliveries } from '../src/upkeep/announce.ts';
import { newJob } from './records.ts';
import { type RunningWorker, type RunningWorkerOptions, startWorker, testWebhookSecret } from './running-worker.ts';

async function opened(options: Partial<RunningWorkerOptions> = {}, receivers: readonly WebhookReceiver[] = []) {
  const receiver = await startWebhookReceiver();
  const origins = [receiver, ...receivers].map(({ origin }) => origin);
  const worker = await startWorker({ namespace: testNamespace(), receivers: origins, ...options });
  onTestFinished(async () => {
    await worker[Symbol.asyncDispose]();
    await receiver[Symbol.asyncDispose]();
  });
  return { worker, receiver };
}

/** A job that ends in this moment, without a worker's help. */
async function endJob({ ledger }: Pick<RunningWorker, 'ledger'>, webhookUrl: string): Promise<VideoJob> {
  const nowMs = Date.now();
  const ended = {
    state: 'failed',
    submittedAtMs: null,
    generationId: null,
    usage: null,
    failure: failure('content_rejected'),
    endedAtMs: nowMs,
  } as const;
  const job = newJob(ended, { webhookUrl, createdAtMs: nowMs });
  await ledger.jobs.create(job, null);
  return job;
}

const deliveryIdOf = (job: VideoJob) => deliveryOf(job, 0)?.id ?? '';

async function untilState({ ledger }: RunningWorker, job: VideoJob, state: string) {
  return vi.waitFor(
    async () => {
      const delivery = await ledger.deliveries.get(deliveryIdOf(job));
      expect(delivery?.state).toBe(state);
      return delivery;
    },
    { timeout: 10_000, interval: 20 },
  );
}

test('the end of a job is told to its receiver, signed, with nothing in it but ids', async () => {
  const { worker, receiver } = await opened();
  const job = await endJob(worker, receiver.url);
  await untilState(worker, job, 'delivered');
  expect(receiver.calls).toHaveLength(1);
  const [call] = receiver.calls;
  const event = new Webhook(testWebhookSecret).verify(call?.body ?? '', call?.headers as Record<string, string>);
  expect(event).toEqual({
    id: call?.headers['webhook-id'],
    object: 'event',
    created_at: Math.floor(job.createdAtMs / 1_000),
    type: 'video.failed',
    data: { id: job.id },
  });
});

test('a receiver that fails is told again under the same id, and each try is written down', async () => {
  const { worker, receiver } = await opened();
  receiver.answer((response) => response.writeHead(receiver.calls.length === 1 ? 503 : 204).end());
  const job = await endJob(worker, receiver.url);
  const delivery = await untilState(worker, job, 'delivered');
  expect(delivery?.tries).toMatchObject([
    { statusCode: 503, finding: 'it answered 503' },
    { statusCode: 204, finding: null },
  ]);
  expect(new Set(receiver.calls.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
});

test('after a whole round in vain the receiver is off, until a resend gets through', async () => {
  let laterMs = 0;
  const { worker, receiver } = await opened({ now: () => Date.now() + laterMs, limits: { retentionMs: 10 ** 9 } });
  receiver.answer(500);
  const first = await endJob(worker, receiver.url);
  const { deliveries } = worker.ledger;
  await vi.waitFor(
    async () => {
      const delivery = await deliveries.get(deliveryIdOf(first));
      if (delivery?.nextTryAtMs) {
        laterMs = Math.max(laterMs, delivery.nextTryAtMs - Date.now());
        await worker.steps.hasten('notify', { deliveryId: delivery.id });
      }
      expect(delivery?.state).toBe('failed');
    },
    { timeout: 15_000, interval: 50 },
  );
  expect(receiver.calls).toHaveLength(8);
  expect(worker.logLines.join('')).toContain('a receiver of webhooks is off now');

  const second = await endJob(worker, receiver.url);
  await untilState(worker, second, 'off');
  expect(receiver.calls).toHaveLength(8);

  receiver.answer(200);
  const nowMs = Date.now() + laterMs;
  const times = { nowMs, lifetimeMs: 60_000 };
  await deliveries.change(deliveryIdOf(second), (delivery) => ({ delivery: resent(delivery, nowMs) }), times);
  await worker.steps.hasten('notify', { deliveryId: deliveryIdOf(second) });
  await untilState(worker, second, 'delivered');
  await untilState(worker, await endJob(worker, receiver.url), 'delivered');
});

test('"never call again" turns a receiver off at once', async () => {
  const { worker, receiver } = await opened();
  receiver.answer(410);
  await untilState(worker, await endJob(worker, receiver.url), 'failed');
  await untilState(worker, await endJob(worker, receiver.url), 'off');
  expect(receiver.calls).toHaveLength(1);
});

test('receivers that never answer do not hold up another one', async () => {
  await using quick = await startWebhookReceiver();
  const { worker, receiver } = await opened({ webhookTimeoutMs: 60_000 }, [quick]);
  const unanswered: ServerResponse[] = [];
  receiver.answer((response) => unanswered.push(response));
  for (let count = 0; count < 10; count += 1) await endJob(worker, receiver.url);
  await vi.waitFor(() => expect(receiver.calls.length).toBeGreaterThan(0));
  await untilState(worker, await endJob(worker, quick.url), 'delivered');
  expect(receiver.calls.length).toBeLessThanOrEqual(3);
  receiver.answer(200);
  for (const response of unanswered) response.end();
});

test('a webhook that is being sent is a step in hand, as operators see it', async () => {
  const { worker, receiver } = await opened({ webhookTimeoutMs: 60_000 });
  const unanswered: ServerResponse[] = [];
  receiver.answer((response) => unanswered.push(response));
  await endJob(worker, receiver.url);
  await vi.waitFor(
    async () => {
      const [live] = await worker.ledger.workers.list(Date.now());
      expect(live?.stepsInHand).toMatchObject({ notify: 1 });
    },
    { timeout: 15_000, interval: 100 },
  );
  for (const response of unanswered) response.end();
});

test('a delivery whose step was lost gets it back', async () => {
  const { worker, receiver } = await opened();
  const job = await endJob({ ledger: worker.ledger }, receiver.url);
  await untilState(worker, job, 'delivered');
  const nowMs = Date.now();
  const times = { nowMs, lifetimeMs: 60_000 };
  await worker.ledger.deliveries.change(deliveryIdOf(job), (one) => ({ delivery: resent(one, nowMs) }), times);
  const aMinuteLater = () => nowMs + 61_000;
  await restoreDeliveries({ ...worker, now: aMinuteLater });
  const delivery = await untilState(worker, job, 'delivered');
  expect(delivery?.tries).toHaveLength(2);
});

test('a webhook whose time in the log was over before it was taken is waited for no more', async () => {
  const { worker, receiver } = await opened({ limits: { retentionMs: 1_000 } });
  const { deliveries } = worker.ledger;
  receiver.answer(500);
  const job = await endJob(worker, receiver.url);
  await vi.waitFor(async () => expect(await deliveries.pending()).toBe(1));
  const deliveryId = deliveryIdOf(job);
  await vi.waitFor(async () => expect(await deliveries.get(deliveryId)).toBeNull(), { timeout: 5_000 });
  await worker.steps.hasten('notify', { deliveryId });
  await vi.waitFor(async () => expect(await deliveries.pending()).toBe(0));
});

test('neither the query of a receiver nor the secret is written to the log', async () => {
  const { worker, receiver } = await opened();
  receiver.answer(400);
  const job = await endJob(worker, `${receiver.url}?token=do-not-tell`);
  await vi.waitFor(async () => {
    expect((await worker.ledger.deliveries.get(deliveryIdOf(job)))?.tries).toHaveLength(1);
  });
  expect(receiver.calls[0]?.path).toBe('/hooks?token=do-not-tell');
  expect(worker.logLines.join('')).not.toContain('do-not-tell');
  expect(worker.logLines.join('')).not.toContain(testWebhookSecret.slice(10));
});

test('every reason for which a receiver is not reached has a code that can be told in any language', () => {
  expect(unreachedCodes.toSorted()).toEqual(unreachedReasons.toSorted());
});
