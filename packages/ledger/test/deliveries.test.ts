import { afterTry, type Delivery, deliveryOf, resent, type TryResult, type VideoJob } from '@video-proxy/core';
import type { Ledger } from '@video-proxy/ledger';
import { expect, test } from 'vitest';
import { jobAfter, refusal, toCompleted, toGenerating } from './jobs.ts';
import { keysOf, openTestLedger } from './open-ledger.ts';

const webhookUrl = 'https://hooks.example/videos?token=1';
const lifetimeMs = 60_000;
const refused: TryResult = { kind: 'not_taken', statusCode: 500, finding: 'it answered 500' };
const taken: TryResult = { kind: 'taken', statusCode: 200, finding: null };

const ended = ({ jobs }: Ledger, generationId = 'g-1', known: Partial<VideoJob> = {}) =>
  jobAfter(jobs, toCompleted(generationId), { webhookUrl, ...known });

function announcedBy(job: VideoJob): Delivery {
  const delivery = deliveryOf(job, job.createdAtMs);
  if (delivery === null) throw new Error(`${job.id} has not ended`);
  return delivery;
}

/** Lets a delivery be tried, as the worker does. */
function tried({ deliveries }: Ledger, id: string, result: TryResult, nowMs: number) {
  return deliveries.change(id, (delivery) => afterTry(delivery, result, nowMs, 0), { nowMs, lifetimeMs });
}

test('the write that ends a job puts it into the outbox, and no other does', async () => {
  const { ledger } = await openTestLedger();
  const { jobs, deliveries } = ledger;
  await jobAfter(jobs, toGenerating('g-1'), { webhookUrl });
  await jobAfter(jobs, toCompleted('g-2'));
  expect(await deliveries.unannounced(10)).toEqual([]);
  const job = await ended(ledger, 'g-3');
  expect(await deliveries.unannounced(10)).toEqual([
    { jobId: job.id, endedAtMs: job.createdAtMs + 1_000 * toCompleted('g-3').length },
  ]);
});

test('an end is announced once, however often that is tried', async () => {
  const { ledger } = await openTestLedger();
  const job = await ended(ledger);
  const delivery = announcedBy(job);
  expect(await ledger.deliveries.announce(delivery, lifetimeMs)).toBe('due');
  await tried(ledger, delivery.id, taken, job.createdAtMs);
  expect(await ledger.deliveries.announce(delivery, lifetimeMs)).toBe('known');
  expect(await ledger.deliveries.unannounced(10)).toEqual([]);
  expect(await ledger.deliveries.ofJob(job.id)).toMatchObject([{ id: delivery.id, state: 'delivered' }]);
});

test('a job that is asked about once more and ends as before is not announced again', async () => {
  const { ledger } = await openTestLedger();
  const { jobs, deliveries } = ledger;
  const given = await jobAfter(jobs, [...toGenerating('g-1'), { type: 'deadline_passed' }], { webhookUrl });
  await deliveries.announce(announcedBy(given), lifetimeMs);
  await jobs.apply(given.id, { type: 'recheck_requested' }, given.createdAtMs + 60_000);
  await jobs.apply(given.id, { type: 'recheck_ended' }, given.createdAtMs + 70_000);
  const again = await jobs.get(given.id);
  expect(again?.lifecycle.state).toBe('failed');
  expect(await deliveries.announce(announcedBy(again ?? given), lifetimeMs)).toBe('known');
});

test('a video that comes late is another end, with a delivery of its own', async () => {
  const { ledger } = await openTestLedger();
  const { jobs, deliveries } = ledger;
  const given = await jobAfter(jobs, [...toGenerating('g-1'), { type: 'deadline_passed' }], { webhookUrl });
  await deliveries.announce(announcedBy(given), lifetimeMs);
  let nowMs = given.createdAtMs + 60_000;
  for (const event of toCompleted('g-1').slice(2)) {
    nowMs += 1_000;
    await jobs.apply(given.id, event, nowMs);
  }
  const late = await jobs.get(given.id);
  expect(await deliveries.announce(announcedBy(late ?? given), lifetimeMs)).toBe('due');
  expect((await deliveries.ofJob(given.id)).map(({ type }) => type)).toEqual(['video.failed', 'video.completed']);
});

test('a job that is retried or deleted before it was announced leaves the outbox', async () => {
  const { ledger } = await openTestLedger();
  const { jobs, deliveries } = ledger;
  const events = [{ type: 'submit_started' } as const, refusal()];
  const retried = await jobAfter(jobs, events, { webhookUrl });
  await jobs.apply(retried.id, { type: 'retry_requested' }, retried.createdAtMs + 60_000);
  const deleted = await jobAfter(jobs, events, { webhookUrl });
  await jobs.delete(deleted.id);
  expect(await deliveries.unannounced(10)).toEqual([]);
});

test('an entry of the outbox is dropped only while it is about the same end', async () => {
  const { ledger } = await openTestLedger();
  const job = await ended(ledger);
  await ledger.deliveries.dropUnannounced({ jobId: job.id, endedAtMs: 1 });
  const [end] = await ledger.deliveries.unannounced(10);
  expect(end?.jobId).toBe(job.id);
  if (end !== undefined) await ledger.deliveries.dropUnannounced(end);
  expect(await ledger.deliveries.unannounced(10)).toEqual([]);
});

test('of two who write what became of a delivery the loser decides anew', async () => {
  const { ledger } = await openTestLedger();
  const { deliveries } = ledger;
  const job = await ended(ledger);
  const { id } = announcedBy(job);
  await deliveries.announce(announcedBy(job), lifetimeMs);
  const times = Array.from({ length: 5 }, (_, index) => job.createdAtMs + index);
  const results = await Promise.all(times.map((atMs) => tried(ledger, id, refused, atMs)));
  expect(results.map(({ kind }) => kind)).toEqual(Array(5).fill('written'));
  expect((await deliveries.get(id))?.tries).toHaveLength(5);
});

test('a delivery is pending from its announcement until it is through', async () => {
  const { ledger } = await openTestLedger();
  const job = await ended(ledger);
  const { id } = announcedBy(job);
  await ledger.deliveries.announce(announcedBy(job), lifetimeMs);
  await tried(ledger, id, refused, job.createdAtMs);
  expect(await ledger.deliveries.pending()).toBe(1);
  await tried(ledger, id, taken, job.createdAtMs);
  expect(await ledger.deliveries.pending()).toBe(0);
});

test('a delivery is overdue when its time has passed, and no more when there is no next try', async () => {
  const { ledger } = await openTestLedger();
  const job = await ended(ledger);
  const { id } = announcedBy(job);
  await ledger.deliveries.announce(announcedBy(job), lifetimeMs);
  await tried(ledger, id, refused, 1_000_000);
  expect(await ledger.deliveries.overdue(1_004_999, 10)).toEqual([]);
  expect(await ledger.deliveries.overdue(1_005_000, 10)).toEqual([id]);
  await tried(ledger, id, taken, 1_005_000);
  expect(await ledger.deliveries.overdue(2_000_000, 10)).toEqual([]);
});

/** Uses up all tries of a delivery. */
async function exhaust(ledger: Ledger, id: string): Promise<boolean> {
  for (;;) {
    const delivery = await ledger.deliveries.get(id);
    if (delivery === null || delivery.nextTryAtMs === null) return false;
    const change = await tried(ledger, id, refused, delivery.nextTryAtMs);
    if (change.kind === 'written' && change.receiverTurnedOff) return true;
  }
}

test('a receiver that takes nothing for a whole round is off, and what comes later is not tried', async () => {
  const { ledger } = await openTestLedger();
  const { deliveries } = ledger;
  const first = announcedBy(await ended(ledger));
  await deliveries.announce(first, lifetimeMs);
  expect(await exhaust(ledger, first.id)).toBe(true);
  expect((await deliveries.receiverOf(first)).offSinceMs).not.toBeNull();
  const later = announcedBy(await ended(ledger, 'g-2'));
  expect(await deliveries.announce(later, lifetimeMs)).toBe('off');
  expect(await deliveries.get(later.id)).toMatchObject({ state: 'off', nextTryAtMs: null });
});

test('one success during the round keeps the receiver on, and a resend that succeeds turns it on again', async () => {
  const { ledger } = await openTestLedger();
  const { deliveries } = ledger;
  const [stubborn, lucky] = [announcedBy(await ended(ledger)), announcedBy(await ended(ledger, 'g-2'))];
  for (const delivery of [stubborn, lucky]) await deliveries.announce(delivery, lifetimeMs);
  await tried(ledger, stubborn.id, refused, 1_000);
  await tried(ledger, lucky.id, taken, 2_000);
  expect(await exhaust(ledger, stubborn.id)).toBe(false);

  await deliveries.change(stubborn.id, (delivery) => ({ delivery: resent(delivery, 3_000) }), {
    nowMs: 3_000,
    lifetimeMs,
  });
  const gone: TryResult = { kind: 'gone', statusCode: 410, finding: 'it answered 410' };
  expect(await tried(ledger, stubborn.id, gone, 3_000)).toMatchObject({ receiverTurnedOff: true });
  await deliveries.change(lucky.id, (delivery) => ({ delivery: resent(delivery, 4_000) }), {
    nowMs: 4_000,
    lifetimeMs,
  });
  await tried(ledger, lucky.id, taken, 4_000);
  expect(await deliveries.receiverOf(lucky)).toEqual({ failingSinceMs: null, offSinceMs: null });
});

test('the same address of another client stays on', async () => {
  const { ledger } = await openTestLedger();
  const first = announcedBy(await ended(ledger, 'g-1', { owner: 'acme/ann' }));
  await ledger.deliveries.announce(first, lifetimeMs);
  await exhaust(ledger, first.id);
  const ofClient = (owner: string) => ledger.deliveries.receiverOf({ owner, url: webhookUrl });
  expect((await ofClient('acme/ben')).offSinceMs).not.toBeNull();
  expect((await ofClient('other/ann')).offSinceMs).toBeNull();
});

test('the log is read newest first, page by page, and forgets what is old', async () => {
  const { ledger } = await openTestLedger();
  const made: Delivery[] = [];
  for (const generationId of ['g-1', 'g-2', 'g-3']) made.unshift(announcedBy(await ended(ledger, generationId)));
  for (const delivery of made) await ledger.deliveries.announce(delivery, lifetimeMs);
  const [newest, middle, oldest] = made;
  const first = await ledger.deliveries.list({ limit: 2 });
  expect(first).toMatchObject({ deliveries: [{ id: newest?.id }, { id: middle?.id }], hasMore: true });
  const rest = await ledger.deliveries.list({ limit: 2, after: middle?.id ?? '' });
  expect(rest).toMatchObject({ deliveries: [{ id: oldest?.id }], hasMore: false });
  await ledger.deliveries.forget(newest?.createdAtMs ?? 0);
  expect(await ledger.deliveries.list({ limit: 5 })).toEqual({ deliveries: [], hasMore: false });
});

test('everything about a delivery has an end: records expire, and what is due without a record is dropped', async () => {
  const opened = await openTestLedger();
  const { ledger, redis } = opened;
  const delivery = announcedBy(await ended(ledger));
  await ledger.deliveries.announce(delivery, lifetimeMs);
  await tried(ledger, delivery.id, refused, 1_000);
  const keys = (await keysOf(opened)).filter((key) => /:(delivery|deliveries|receiver):/.test(key));
  expect(keys).toHaveLength(3);
  for (const key of keys) expect(await redis.ttl(key)).toBeGreaterThan(0);
  await redis.del(...keys);
  expect(await tried(ledger, delivery.id, refused, 2_000)).toEqual({ kind: 'unchanged' });
  expect(await ledger.deliveries.overdue(Number.MAX_SAFE_INTEGER, 10)).toEqual([]);
});
