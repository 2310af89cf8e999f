import { afterTry, type Delivery, deliveryOf, deliveryTriesMax, resent, type TryResult } from '@video-proxy/core';
import { expect, test } from 'vitest';
import { jobWith, lifecycles } from './jobs.ts';

const webhookUrl = 'https://hooks.example/videos';
const refused: TryResult = { kind: 'not_taken', statusCode: 500, finding: 'it answered 500' };
const taken: TryResult = { kind: 'taken', statusCode: 204, finding: null };

function delivery(): Delivery {
  const made = deliveryOf({ ...jobWith(lifecycles.completed), webhookUrl }, 4_000);
  if (made === null) throw new Error('a completed job calls for a delivery');
  return made;
}

/** Every try of a round, each at the moment it is due. */
function round(first: Delivery, spread: number): { pausesMs: number[]; last: ReturnType<typeof afterTry> } {
  const pausesMs: number[] = [];
  let nowMs = first.nextTryAtMs ?? 0;
  let last = afterTry(first, refused, nowMs, spread);
  while (last.delivery.nextTryAtMs !== null) {
    pausesMs.push(last.delivery.nextTryAtMs - nowMs);
    nowMs = last.delivery.nextTryAtMs;
    last = afterTry(last.delivery, refused, nowMs, spread);
  }
  return { pausesMs, last };
}

test.each([
  ['completed', 'video.completed'],
  ['failed', 'video.failed'],
  ['cancelled', 'video.failed'],
] as const)('the end %s is told as %s', (state, type) => {
  expect(deliveryOf({ ...jobWith(lifecycles[state]), webhookUrl }, 5_000)).toMatchObject({ type, url: webhookUrl });
});

test('nobody is told of a job that goes on, or that names no receiver', () => {
  expect(deliveryOf({ ...jobWith(lifecycles.generating), webhookUrl }, 5_000)).toBeNull();
  expect(deliveryOf(jobWith(lifecycles.completed), 5_000)).toBeNull();
});

test('the same end has the same id whenever it is looked at, another end of the same job has another', () => {
  const job = { ...jobWith(lifecycles.failed), webhookUrl };
  const later = { ...job, lifecycle: { ...lifecycles.failed, endedAtMs: 9_000 } };
  expect(deliveryOf(job, 5_000)?.id).toBe(deliveryOf(job, 99_000)?.id);
  expect(deliveryOf(later, 9_000)?.id).not.toBe(deliveryOf(job, 5_000)?.id);
});

test('a receiver that takes nothing is tried eight times: after 5 s, 5 min, 30 min, 2, 5, 10 and 10 hours', () => {
  const { pausesMs, last } = round(delivery(), 0);
  const hour = 3_600_000;
  expect(pausesMs).toEqual([5_000, 300_000, hour / 2, 2 * hour, 5 * hour, 10 * hour, 10 * hour]);
  expect(last).toMatchObject({ news: 'exhausted', delivery: { state: 'failed', triesLeft: 0, failingSinceMs: 4_000 } });
  expect(last.delivery.tries).toHaveLength(deliveryTriesMax);
});

test('chance lengthens a pause by a tenth at the most', () => {
  expect(round(delivery(), 1).pausesMs[0]).toBe(5_500);
});

test('an answer that counts ends it, and clears the receiver', () => {
  const failedOnce = afterTry(delivery(), refused, 4_000, 0).delivery;
  expect(afterTry(failedOnce, taken, 9_000, 0)).toMatchObject({
    news: 'works',
    delivery: { state: 'delivered', nextTryAtMs: null, failingSinceMs: null },
  });
});

test('"never call again" ends it at once', () => {
  const gone: TryResult = { kind: 'gone', statusCode: 410, finding: 'it answered 410' };
  expect(afterTry(delivery(), gone, 4_000, 0)).toMatchObject({
    news: 'gone',
    delivery: { state: 'failed', nextTryAtMs: null },
  });
});

test('a resend is a whole round more, and the log keeps the last twenty tries', () => {
  const first = round(delivery(), 0).last.delivery;
  const second = resent(first, 200_000_000);
  expect(second).toMatchObject({ state: 'pending', triesLeft: deliveryTriesMax, nextTryAtMs: 200_000_000 });
  const third = round(resent(round(second, 0).last.delivery, 400_000_000), 0).last.delivery;
  expect(third.tries).toHaveLength(20);
});
