import { fileURLToPath } from 'node:url';
import { spawnProcess, testRedisUrl } from '@video-proxy/testkit';
import { expect, test } from 'vitest';
import { done, openTestSteps, payload, serve } from './open-queue.ts';

test('a step whose process was killed runs in another one within 25 seconds', { timeout: 40_000 }, async () => {
  const { steps, namespace } = await openTestSteps();
  const step = payload();
  const program = fileURLToPath(new URL('./programs/doomed-worker.ts', import.meta.url));
  await using doomed = await spawnProcess({ args: [program, testRedisUrl(), namespace] });
  await steps.add('store', step);
  await doomed.waitForLine(new RegExp(`took ${step.jobId}`));
  doomed.signal('SIGKILL');
  const taken: string[] = [];
  const { errors } = serve(namespace, {
    store: async ({ jobId }) => {
      taken.push(jobId);
      return done;
    },
  });
  await expect.poll(() => taken, { timeout: 25_000 }).toEqual([step.jobId]);
  expect(errors).toEqual([]);
});
