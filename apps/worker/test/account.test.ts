import { openAimlapi, openApiKey } from '@video-proxy/aimlapi';
import { failure, type StandingHolds } from '@video-proxy/core';
import { sandboxApiKey, startSandbox } from '@video-proxy/sandbox';
import { testNamespace } from '@video-proxy/testkit';
import { pino } from 'pino';
import { expect, test } from 'vitest';
import { openAccount } from '../src/account.ts';
import { openRecords } from './records.ts';
import { startWorker } from './running-worker.ts';

const incident = {
  statusCode: 401,
  requestId: 'hRNOI9BMsuLeZ76UNdGhS',
  path: '/v2/video/generations',
  timestamp: '2025-12-05T13:46:30.569Z',
  message: expect.stringContaining('This request requires a valid API key'),
};

test('a rejected key fails the job that met it with the words of the provider, and the account with the same', async () => {
  await using worker = await startWorker({ namespace: testNamespace() });
  const { id, lifecycle } = await worker.ended(await worker.submit('a kite [sandbox:incident]'));
  expect(lifecycle).toMatchObject({
    state: 'failed',
    failure: {
      code: 'provider_auth_failed',
      billed: 'no',
      evidence: { ...incident, clientRequestId: `${id}.1` },
    },
  });
  expect((await worker.ledger.jobs.events(id, { limit: 9 })).at(-1)).toMatchObject({
    type: 'submit_refused',
    details: { failure: { evidence: incident } },
  });
  await expect.poll(() => worker.ledger.credential.read()).toMatchObject({ state: 'rejected', evidence: incident });
  expect(worker.logLines.join('')).toContain(incident.requestId);
});

test('while the key is rejected nothing is sent; when it is accepted again everything goes on by itself', async () => {
  await using worker = await startWorker({ namespace: testNamespace(), probeIntervalMs: 1_000 });
  worker.sandbox.control.setKeyAccepted(false);
  await expect.poll(() => worker.ledger.credential.read(), { timeout: 5_000 }).toMatchObject({ state: 'rejected' });
  const waiting = await Promise.all([worker.submit('one'), worker.submit('two')]);
  // Two probes later the account has been looked at again, and still nothing was sent.
  const probesBefore = probes();
  await expect.poll(probes, { timeout: 10_000 }).toBeGreaterThan(probesBefore + 1);
  expect(worker.sandbox.control.creates().received).toBe(0);
  worker.sandbox.control.setKeyAccepted(true);
  for (const job of waiting) expect((await worker.ended(job)).lifecycle.state).toBe('completed');

  function probes(): number {
    return worker.sandbox.control.requests().filter(({ kind }) => kind === 'billing').length;
  }
});

test.each([
  ['missing', undefined, /Missing AI_ML_API_KEY/],
  ['malformed', `"${sandboxApiKey}"`, /quotes/],
])(
  'with a %s key nothing is sent, and a job that waited too long fails as hold_expired',
  async (state, apiKey, finding) => {
    await using worker = await startWorker({ namespace: testNamespace(), apiKey, limits: { holdMaxMs: 1_000 } });
    const { lifecycle } = await worker.ended(await worker.submit('a kite'));
    expect(lifecycle).toMatchObject({ state: 'failed', failure: { code: 'hold_expired', billed: 'no' } });
    expect(await worker.ledger.credential.read()).toMatchObject({ state, finding: expect.stringMatching(finding) });
    expect(worker.sandbox.control.requests()).toEqual([]);
  },
);

test('an unverified account holds everything', async () => {
  await using worker = await startWorker({ namespace: testNamespace() });
  const { lifecycle } = await worker.ended(await worker.submit('a kite [sandbox:unverified]'));
  expect(lifecycle).toMatchObject({ state: 'failed', failure: { code: 'provider_account_unverified', billed: 'no' } });
  // Written right after the end of the job.
  await expect.poll(() => worker.ledger.credential.read()).toMatchObject({ state: 'unverified' });
});

test('a good answer about the balance does not hide that a create was refused just after it', async () => {
  const { ledger } = await openRecords();
  await using sandbox = await startSandbox();
  await using provider = openAimlapi({ name: 'sandbox', baseUrl: sandbox.url, apiKey: () => sandboxApiKey });
  const parts = { ledger, provider, key: openApiKey({ value: sandboxApiKey }), probeIntervalMs: 60_000, now: Date.now };
  const log = pino({ level: 'silent' });
  const other = openAccount({ ...parts, log, workerId: 'other' });
  let standing: Promise<StandingHolds> | null = null;
  // The probe is answered; then another worker is refused, and this one still has the holds from before.
  const readLate = async (): Promise<StandingHolds> => {
    if (standing !== null) return standing;
    standing = ledger.holds.read();
    await standing;
    const refused = failure('provider_account_unverified', { evidence: null });
    await other.createRefused(refused, { model: 'google/veo-3.1-t2v', sentAtMs: Date.now() });
    return standing;
  };
  let isAnswered = false;
  const account = openAccount({
    ...parts,
    log,
    workerId: 'this',
    provider: {
      async probe(signal) {
        const outcome = await provider.probe(signal);
        isAnswered = true;
        return outcome;
      },
    },
    ledger: { ...ledger, holds: { ...ledger.holds, read: () => (isAnswered ? readLate() : ledger.holds.read()) } },
  });
  await account.check(AbortSignal.timeout(5_000));
  expect(isAnswered).toBe(true);
  expect(await ledger.credential.read()).toMatchObject({ state: 'unverified' });
});

test('a provider that cannot be reached leaves the job waiting with the reason, and takes it once it is there', async () => {
  await using away = await startWorker({ namespace: testNamespace(), baseUrl: 'http://127.0.0.1:9' });
  const job = await away.submit('a kite');
  const waiting = await away.until(job, ({ lifecycle }) => lifecycle.state === 'queued' && lifecycle.deferral !== null);
  expect(waiting.lifecycle).toMatchObject({
    deferral: { code: 'provider_unavailable', untilMs: expect.any(Number), evidence: { message: expect.any(String) } },
  });
});

test('a provider that does not tell the balance cannot keep a hold for ever: the next job finds out', async () => {
  await using worker = await startWorker({ namespace: testNamespace(), probeIntervalMs: 500 });
  const { control } = worker.sandbox;
  control.script('billing', 'not-found', 1_000);
  control.script('create', 'incident');
  expect((await worker.ended(await worker.submit('one'))).lifecycle.state).toBe('failed');
  expect((await worker.ended(await worker.submit('two'))).lifecycle.state).toBe('completed');
  expect(await worker.ledger.credential.read()).toMatchObject({ state: 'ok', evidence: incident });
});

test('a refused poll holds submissions until the next question for the balance, even when that is not told', async () => {
  await using worker = await startWorker({ namespace: testNamespace(), probeIntervalMs: 500 });
  worker.sandbox.control.script('billing', 'not-found', 1_000);
  const polled = await worker.submit('one [sandbox:poll-incident=1]');
  await expect.poll(() => worker.ledger.credential.read(), { timeout: 10_000 }).toMatchObject({ state: 'rejected' });
  expect((await worker.ended(await worker.submit('two'))).lifecycle.state).toBe('completed');
  expect((await worker.ended(polled)).lifecycle.state).toBe('completed');
});

test('a request whose sender died is looked up although the account is refused and submissions stand still', async () => {
  await using worker = await startWorker({ namespace: testNamespace(), apiKey: undefined });
  const job = await worker.write('a kite', { state: 'submitting', submittedAtMs: Date.now() - 200_000 });
  const found = await worker.until(job, ({ lifecycle }) => lifecycle.state !== 'submitting');
  expect(found.lifecycle.state).toBe('submission_unknown');
});
