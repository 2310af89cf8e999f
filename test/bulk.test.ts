import type { BulkRunWire, OperatorJobList } from '@video-proxy/contracts';
import { expect, test, vi } from 'vitest';
import { type Api, startInstallation } from './installation.ts';

const jobCount = 1_500;
const patience = { timeout: 60_000, interval: 20 };

async function order(api: Api, action: 'cancel' | 'retry'): Promise<string> {
  const response = await fetch(`${api.url}/ops/api/jobs/bulk`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ action, filter: { owner: 'local' }, dry_run: false, reason: 'test' }),
  });
  const run = (await response.json()) as BulkRunWire;
  expect([response.status, run.total]).toEqual([202, jobCount]);
  return run.id;
}

async function attempts(api: Api): Promise<number[]> {
  const found: number[] = [];
  for (let after = '', more = true; more; ) {
    const page = (await api.readJson(`/ops/api/jobs?limit=100${after}`)) as OperatorJobList;
    found.push(...page.data.map(({ attempt }) => attempt));
    after = `&after=${page.last_id}`;
    more = page.has_more;
  }
  return found;
}

test('a bulk retry whose worker is killed goes on in another one, and retries every job exactly once', {
  timeout: 120_000,
}, async () => {
  // Without a key nothing is sent: what is counted is what the orders did.
  await using installation = await startInstallation({ AI_ML_API_KEY: '', PROVIDER: 'aimlapi' });
  const [api, worker] = await Promise.all([installation.startApi(), installation.startWorker()]);
  for (let made = 0; made < jobCount; made += 100) {
    await Promise.all(Array.from({ length: 100 }, () => api.create('a kite')));
  }
  const read = async (id: string) => (await api.readJson(`/ops/api/bulk/${id}`)) as BulkRunWire;
  const finished = (id: string) =>
    vi.waitFor(async () => {
      const run = await read(id);
      expect(run.state).toBe('finished');
      return run;
    }, patience);

  expect(await finished(await order(api, 'cancel'))).toMatchObject({ done: jobCount, failed: 0, skipped: 0 });
  const id = await order(api, 'retry');
  await vi.waitFor(async () => expect((await read(id)).done).toBeGreaterThan(0), patience);
  worker.signal('SIGKILL');
  await installation.startWorker();
  expect(await finished(id)).toMatchObject({ done: jobCount, failed: 0, skipped: 0 });
  expect(await attempts(api)).toEqual(Array.from({ length: jobCount }, () => 2));
});
