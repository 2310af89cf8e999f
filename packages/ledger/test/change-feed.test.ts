import type { Change } from '@video-proxy/ledger';
import { startTcpProxy, testNamespace, testRedisUrl } from '@video-proxy/testkit';
import { describe, expect, test } from 'vitest';
import { jobAfter, refusal, toGenerating } from './jobs.ts';
import { openTestLedger } from './open-ledger.ts';

function recorder() {
  const heard: Change[] = [];
  return { heard, listener: (change: Change) => heard.push(change) };
}

const active: Change = { kind: 'look_again' };

test('a listener hears what happens to its job, and to no other', async () => {
  const { ledger } = await openTestLedger();
  const job = await jobAfter(ledger.jobs, []);
  const other = await jobAfter(ledger.jobs, []);
  const { heard, listener } = recorder();
  ledger.changes.subscribe(job.id, listener);
  await expect.poll(() => heard).toEqual([active]);
  await ledger.jobs.apply(other.id, { type: 'submit_started' }, 1);
  await ledger.jobs.apply(job.id, { type: 'submit_started' }, 1);
  await ledger.jobs.note(job.id, { type: 'poll_recovered', atMs: 1 });
  await ledger.jobs.apply(job.id, refusal(), 2);
  await ledger.jobs.delete(job.id);
  await expect
    .poll(() => heard.slice(1))
    .toEqual([
      { kind: 'job', jobId: job.id, state: 'submitting', version: 2 },
      { kind: 'job', jobId: job.id, state: 'submitting', version: 2 },
      { kind: 'job', jobId: job.id, state: 'failed', version: 3 },
      { kind: 'job', jobId: job.id, state: null, version: 3 },
    ]);
});

test('a change is heard in another process within a moment', async () => {
  const writer = await openTestLedger();
  const reader = await openTestLedger({ namespace: writer.namespace });
  const job = await jobAfter(writer.ledger.jobs, []);
  const { heard, listener } = recorder();
  reader.ledger.changes.onAny(listener);
  await expect.poll(() => heard).toEqual([active]);
  await writer.ledger.jobs.apply(job.id, { type: 'submit_started' }, 1);
  await expect.poll(() => heard.at(-1), { interval: 5, timeout: 500 }).toMatchObject({ jobId: job.id, version: 2 });
});

test('who listens to everything hears of new jobs and of the account', async () => {
  const { ledger } = await openTestLedger();
  const { heard, listener } = recorder();
  ledger.changes.onAny(listener);
  await expect.poll(() => heard).toEqual([active]);
  const job = await jobAfter(ledger.jobs, []);
  const record = { fingerprint: 'f', sinceMs: 1, checkedAtMs: 1, finding: null, evidence: null };
  await ledger.credential.write({ state: 'ok', ...record });
  await expect
    .poll(() => heard.slice(1))
    .toEqual([{ kind: 'job', jobId: job.id, state: 'queued', version: 1 }, { kind: 'credential' }]);
});

describe('a subscription', () => {
  test('that begins while nothing is connected yet misses nothing: it is told to look once it is active', async () => {
    const { ledger } = await openTestLedger();
    const job = await jobAfter(ledger.jobs, []);
    const { heard, listener } = recorder();
    ledger.changes.subscribe(job.id, listener);
    await ledger.jobs.apply(job.id, { type: 'submit_started' }, 1);
    await expect.poll(() => heard.length).toBeGreaterThan(0);
  });

  test('that has ended hears nothing, and ending it twice ends no other', async () => {
    const { ledger } = await openTestLedger();
    const job = await jobAfter(ledger.jobs, []);
    const { heard, listener } = recorder();
    const stop = ledger.changes.subscribe(job.id, listener);
    stop();
    stop();
    ledger.changes.subscribe(job.id, listener);
    stop();
    await expect.poll(() => heard).toEqual([active]);
    await ledger.jobs.apply(job.id, { type: 'submit_started' }, 1);
    await expect.poll(() => heard.length).toBe(2);
  });

  test('may end itself, or others, while it is told', async () => {
    const { ledger } = await openTestLedger();
    const job = await jobAfter(ledger.jobs, []);
    const { heard, listener } = recorder();
    const stop = ledger.changes.subscribe(job.id, (change) => {
      listener(change);
      stop();
    });
    ledger.changes.subscribe(job.id, listener);
    await expect.poll(() => heard).toEqual([active, active]);
    await ledger.jobs.apply(job.id, { type: 'submit_started' }, 1);
    await expect.poll(() => heard.length).toBe(3);
  });

  test('costs no connection of its own: thousands share one, opened when the first begins', async () => {
    const { ledger, redis, namespace } = await openTestLedger();
    const channel = `{${namespace}}:changes`;
    const subscribers = async () => (await redis.pubsub('NUMSUB', channel))[1];
    const jobs = await Promise.all(Array.from({ length: 20 }, () => jobAfter(ledger.jobs, [])));
    expect(await subscribers()).toBe(0);
    let count = 0;
    for (let each = 0; each < 5_000; each += 1) {
      ledger.changes.subscribe(jobs[each % 20]?.id ?? '', ({ kind }) => {
        if (kind === 'job') count += 1;
      });
    }
    await expect.poll(subscribers).toBe(1);
    for (const job of jobs) await ledger.jobs.apply(job.id, { type: 'submit_started' }, 1);
    await expect.poll(() => count).toBe(5_000);
  });
});

test('after a lost connection every listener is told to look again, and hears on', async () => {
  await using proxy = await startTcpProxy({ target: testRedisUrl() });
  const namespace = testNamespace();
  const writer = await openTestLedger({ namespace });
  const reader = await openTestLedger({ namespace, url: proxy.url });
  const job = await jobAfter(writer.ledger.jobs, []);
  const { heard, listener } = recorder();
  reader.ledger.changes.subscribe(job.id, listener);
  await expect.poll(() => heard).toEqual([active]);
  await proxy.cut();
  for (const event of toGenerating('g-1')) await writer.ledger.jobs.apply(job.id, event, 1);
  await proxy.resume();
  await expect.poll(() => heard, { timeout: 5_000 }).toEqual([active, active]);
  await writer.ledger.jobs.apply(job.id, { type: 'cancel_requested' }, 1);
  await expect.poll(() => heard.at(-1)).toMatchObject({ kind: 'job', state: 'cancelling', version: 4 });
});
