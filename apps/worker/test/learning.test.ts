import { generationKindOf } from '@video-proxy/core';
import { testNamespace } from '@video-proxy/testkit';
import { expect, test } from 'vitest';
import { startWorker } from './running-worker.ts';

test('five generations of a model teach how long the next one takes; those that failed do not', async () => {
  await using worker = await startWorker({ namespace: testNamespace() });
  const { times } = worker.ledger;
  let nowMs = Date.now();
  const learntAbout = (job: Parameters<typeof generationKindOf>[0]) => {
    // Past what is remembered.
    nowMs += 60_000;
    return times.learnt(generationKindOf(job), nowMs);
  };
  const failing = await Promise.all(Array.from({ length: 5 }, () => worker.submit('a kite [sandbox:fails]')));
  const fine = await Promise.all(Array.from({ length: 5 }, () => worker.submit('a kite', 'pixverse/v5/text-to-video')));
  for (const job of [...failing, ...fine]) await worker.ended(job);
  const [failed, completed] = [failing[0], fine[0]];
  if (failed === undefined || completed === undefined) throw new Error('nothing was submitted');
  await expect.poll(() => learntAbout(completed)).toMatchObject({ p50Ms: expect.any(Number) });
  expect(await learntAbout(failed)).toBeNull();
});
