import { readFileSync } from 'node:fs';
import { connectToTestRedis, type StoredKeys, testNamespace, writeStoredKeys } from '@video-proxy/testkit';
import { expect, test } from 'vitest';
import { done, openTestSteps, type Payload, serve } from './open-queue.ts';

const written = JSON.parse(readFileSync(new URL('./fixtures/written-by-0.1.0.json', import.meta.url), 'utf8')) as {
  readonly keys: StoredKeys;
};

async function openWritten(): Promise<string> {
  const namespace = testNamespace();
  await using redis = connectToTestRedis();
  await writeStoredKeys(redis, namespace, written.keys);
  return namespace;
}

const jobId = (number: number) => `video_01m8477farmneqdht34000000${number}`;

test('steps that an earlier version left in the queues are served with the payload it gave them', async () => {
  const namespace = await openWritten();
  const served: [string, Payload][] = [];
  const noting = (step: string) => async (payload: Payload) => {
    served.push([step, payload]);
    return done;
  };
  const { errors } = serve(namespace, { submit: noting('submit'), poll: noting('poll'), store: noting('store') });
  await expect.poll(() => served.length).toBe(7);
  expect(served.sort(([, a], [, b]) => (a.jobId < b.jobId ? -1 : 1))).toEqual([
    ['submit', { jobId: jobId(1), attempt: 1 }],
    ['submit', { jobId: jobId(2), attempt: 3 }],
    ['submit', { jobId: jobId(3), attempt: 1, trouble: { kind: 'provider_unavailable', count: 2 } }],
    ['poll', { jobId: jobId(4), attempt: 1 }],
    ['poll', { jobId: jobId(5), attempt: 2, trouble: { kind: 'not_found', count: 7 } }],
    ['store', { jobId: jobId(6), attempt: 1 }],
    ['store', { jobId: jobId(7), attempt: 2 }],
  ]);
  expect(errors).toEqual([]);
});

test('a step that an earlier version left is not added twice', async () => {
  const namespace = await openWritten();
  const { steps } = await openTestSteps({ namespace });
  await steps.add('submit', { jobId: jobId(1), attempt: 1 });
  await steps.add('submit', { jobId: jobId(2), attempt: 3 });
  await steps.addMany('store', [{ jobId: jobId(7), attempt: 2 }]);
  expect(await steps.counts()).toMatchObject({ submit: { waiting: 2, delayed: 1 }, store: { waiting: 2 } });
});
