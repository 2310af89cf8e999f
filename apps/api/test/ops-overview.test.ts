import { operatorOverview, operatorQueues, operatorWorkers } from '@video-proxy/contracts';
import type { WorkerDescription } from '@video-proxy/ledger';
import { expect, test } from 'vitest';
import { accepted, rejected, rejection, started, wayToCompletion } from './events.ts';
import { clientKey, opsReadKey, type RunningApi, startApi } from './running-api.ts';

const worker = (known: Partial<WorkerDescription> = {}): WorkerDescription => ({
  id: 'host-1.a',
  version: '1.2.3',
  role: 'worker',
  provider: 'aimlapi',
  keyFingerprint: '1f3a9c2e',
  startedAtMs: 1_700_000_000_000,
  ...known,
});

const ask = (api: RunningApi, path: string) => api.call('GET', `/ops/api/${path}`, { key: opsReadKey });

async function overviewOf(api: RunningApi) {
  return operatorOverview.parse(await (await ask(api, 'overview')).json());
}

test.each(['overview', 'queues', 'workers', 'credential'])('GET /ops/api/%s is for operators alone', async (path) => {
  await using api = await startApi();
  expect((await ask(api, path)).status).toBe(200);
  for (const key of [clientKey, null]) {
    expect((await api.call('GET', `/ops/api/${path}`, { key })).status).toBe(401);
  }
});

test('the first screen of the incident names the refused key with the request id of the provider, before anything else', async () => {
  await using api = await startApi();
  await api.ledger.workers.beat(worker(), Date.now());
  await api.ledger.credential.write({
    state: 'rejected',
    fingerprint: '1f3a9c2e',
    sinceMs: 1_764_942_390_000,
    checkedAtMs: 1_764_942_390_000,
    finding: null,
    evidence: rejection,
  });
  await api.create();
  const { health, attention, holds, credential, waiting } = await overviewOf(api);
  expect(health).toBe('degraded');
  expect(attention[0]).toMatchObject({
    severity: 'critical',
    code: 'account_rejected',
    since: 1_764_942_390,
    link: '/ops/credential',
    provider: { request_id: rejection.requestId, status_code: 401 },
  });
  expect(holds).toMatchObject([{ scope: 'credential', code: 'provider_auth_failed', subject: '1f3a9c2e' }]);
  expect(credential).toMatchObject({ state: 'rejected', last_provider_request_id: rejection.requestId });
  expect(waiting).toMatchObject({ jobs: 1, owners: 1, oldest_since: expect.any(Number) });
});

test('jobs are counted by state and by the hour in which they came', async () => {
  await using api = await startApi();
  await api.ledger.workers.beat(worker(), Date.now());
  const ids = await Promise.all([api.create(), api.create(), api.create()]);
  await api.happen(ids[0] ?? '', started, rejected);
  await api.happen(ids[1] ?? '', ...wayToCompletion('a.mp4'));
  const { jobs, hours, times } = await overviewOf(api);
  expect(jobs).toMatchObject({ total: 3, by_state: { queued: 1, failed: 1, completed: 1, generating: 0 } });
  expect(hours).toHaveLength(24);
  expect(hours.reduce((sum, { created }) => sum + created, 0)).toBe(3);
  // The hour may have turned while the test ran.
  const last = hours.slice(-2).map(({ completed, failed }) => [completed, failed]);
  expect(last).toContainEqual([1, 1]);
  expect(times).toMatchObject({ jobs: 1 });
});

test('who keeps looking sees the jobs of this hour as they come', async () => {
  await using api = await startApi();
  const created = async () => (await overviewOf(api)).hours.reduce((sum, hour) => sum + hour.created, 0);
  expect(await created()).toBe(0);
  await api.create();
  await expect.poll(created, { timeout: 5_000 }).toBe(1);
});

test('a healthy installation says ok; without a worker it says what to do', async () => {
  await using api = await startApi();
  expect(await overviewOf(api)).toMatchObject({
    health: 'degraded',
    attention: expect.arrayContaining([
      expect.objectContaining({
        code: 'no_worker',
        link: '/ops/dispatch',
        action: expect.stringContaining('npm run worker'),
      }),
    ]),
  });
  await api.ledger.workers.beat(worker(), Date.now());
  // What was seen is kept for a second.
  await expect.poll(async () => (await overviewOf(api)).attention.map(({ code }) => code)).not.toContain('no_worker');
});

test('workers are told with what an earlier version does not say left open', async () => {
  await using api = await startApi();
  await api.ledger.workers.beat(worker({ id: 'old-host.b', startedAtMs: 1 }), Date.now());
  const stepsInHand = { submit: 1, poll: 7, store: 0, notify: 2 };
  const told = { id: 'new', host: 'host-2', keySource: 'file', keyFingerprint: 'ffffffff', stepsInHand } as const;
  await api.ledger.workers.beat(worker({ ...told, startedAtMs: 2 }), Date.now());
  const { workers, keys_differ } = operatorWorkers.parse(await (await ask(api, 'workers')).json());
  expect(workers).toMatchObject([
    { id: 'old-host.b', host: 'old-host', key_source: null, steps_in_hand: null },
    { id: 'new', host: 'host-2', key_source: 'file', steps_in_hand: stepsInHand },
  ]);
  expect(keys_differ).toBe(true);
});

test('the lag of polls is that of the one that should have run first', async () => {
  await using api = await startApi();
  await api.steps.add('poll', { jobId: await api.create(), attempt: 1 }, { delayMs: 1 });
  const lag = async () => operatorWorkers.parse(await (await ask(api, 'workers')).json()).poll_lag;
  await expect.poll(lag).toMatchObject({ oldest_due_at: expect.any(Number), lag_seconds: expect.any(Number) });
  await expect.poll(async () => (await lag()).lag_seconds).toBeGreaterThan(0);
});

test('queues tell steps, whose turns come next, and the holds', async () => {
  await using api = await startApi();
  await api.create({}, { 'x-librechat-user-id': 'ann' });
  const underway = await api.create({}, { 'x-librechat-user-id': 'ann' });
  await api.happen(underway, started, accepted);
  await expect
    .poll(async () => operatorQueues.parse(await (await ask(api, 'queues')).json()))
    .toMatchObject({
      paused: null,
      waiting_jobs: 1,
      hold_max_seconds: 900,
      steps: expect.arrayContaining([expect.objectContaining({ step: 'submit', active: 0 })]),
      turns: { owners: 1, next: [{ owner: 'alice/ann', waiting: 1, underway: 1, oldest_since: expect.any(Number) }] },
    });
});

test('no prompt, no key and no link of the provider is in any of it', async () => {
  await using api = await startApi();
  const id = await api.create({ prompt: 'a secret wish' });
  await api.happen(id, ...wayToCompletion('a.mp4'));
  for (const path of ['overview', 'queues', 'workers', 'credential']) {
    const text = await (await ask(api, path)).text();
    expect(text).not.toMatch(/secret wish|key-of|cdn\./);
  }
});
