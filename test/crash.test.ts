import { expect, test } from 'vitest';
import { startInstallation } from './installation.ts';
import { crashes } from './scenarios/crashes.ts';
import { playAll } from './scenarios/scenario.ts';

playAll(crashes);

test('Redis killed and started again under a running service: every accepted job ends, and no step is logged as a mistake of ours', {
  timeout: 60_000,
}, async () => {
  await using installation = await startInstallation();
  const [api, worker] = await Promise.all([installation.startApi(), installation.startWorker()]);
  const jobs = await Promise.all(
    Array.from({ length: 10 }, (_, index) => api.create(`kite ${index} [sandbox:slow=2]`)),
  );
  await installation.crashRedis();
  for (const { id } of jobs) expect((await api.ended(id)).status).toBe('completed');
  expect(installation.sandbox.control.creates()).toMatchObject({ received: 10, accepted: 10 });
  expect(worker.stdout.filter((line) => line.includes('failed unexpectedly'))).toEqual([]);
});
