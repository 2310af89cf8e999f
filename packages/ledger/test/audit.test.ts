import type { AuditRecord } from '@video-proxy/ledger';
import { expect, test } from 'vitest';
import { openTestLedger } from './open-ledger.ts';

const atMs = Date.UTC(2026, 10, 1);

function order(known: Partial<AuditRecord> = {}): AuditRecord {
  return {
    atMs,
    operator: { role: 'operator', key: '1f3a9c2e', name: 'Kim' },
    action: 'job.retry',
    target: { type: 'job', id: 'video_1' },
    reason: null,
    outcome: 'asked',
    message: null,
    before: { phase: 'failed' },
    after: null,
    requestId: 'req_1',
    finishedAtMs: null,
    ...known,
  };
}

test('an order is there as soon as it is asked for, and later says what became of it', async () => {
  const { ledger } = await openTestLedger();
  const id = await ledger.audit.write(order());
  expect((await ledger.audit.list({ limit: 10 })).entries).toEqual([{ id, ...order() }]);
  const done = order({ outcome: 'done', after: { phase: 'queued' }, finishedAtMs: atMs + 5 });
  expect(await ledger.audit.rewrite(id, done)).toBe(true);
  expect((await ledger.audit.list({ limit: 10 })).entries).toEqual([{ id, ...done }]);
});

test('orders are listed page by page, newest first, or those about one target alone', async () => {
  const { ledger } = await openTestLedger();
  const ids: string[] = [];
  for (let number = 0; number < 5; number += 1) {
    const target = { type: 'job', id: `video_${number % 2}` };
    ids.unshift(await ledger.audit.write(order({ atMs: atMs + number, target })));
  }
  const first = await ledger.audit.list({ limit: 2 });
  const second = await ledger.audit.list({ limit: 3, after: first.next ?? '' });
  expect([...first.entries, ...second.entries].map(({ id }) => id)).toEqual(ids);
  expect(second.next).toBeNull();
  const { entries, next } = await ledger.audit.list({ limit: 1, target: 'video_1' });
  expect([entries.map(({ id }) => id), next]).toEqual([[ids[1]], ids[1]]);
  expect(await ledger.audit.list({ limit: 1, after: 'no id' })).toEqual({ entries: [], next: null });
});

test('the log is bounded in number and in age; an entry that has left is not brought back', {
  timeout: 30_000,
}, async () => {
  const { ledger, redis, namespace } = await openTestLedger();
  const first = await ledger.audit.write(order());
  for (let made = 0; made < 10_000; made += 500) {
    await Promise.all(Array.from({ length: 500 }, () => ledger.audit.write(order({ atMs: atMs + 1 }))));
  }
  expect(await redis.zcard(`{${namespace}}:audit:ids`)).toBe(10_000);
  expect(await ledger.audit.rewrite(first, order())).toBe(false);
  const yearMs = 366 * 24 * 3_600_000;
  await Promise.all(Array.from({ length: 210 }, () => ledger.audit.write(order({ atMs: atMs + yearMs }))));
  expect(await redis.hlen(`{${namespace}}:audit`)).toBeLessThan(600);
});
