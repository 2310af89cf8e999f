import { readiness } from '@video-proxy/contracts';
import { describe, expect, test } from 'vitest';
import { rejection } from './events.ts';
import { newJob, type RunningApi, startApi } from './running-api.ts';

const read = async (api: RunningApi) => {
  const response = await api.call('GET', '/readyz', { key: null });
  expect(response.status).toBe(200);
  return readiness.parse(await response.json());
};

test('the greeting says that the service runs and how to use it', async () => {
  await using api = await startApi();
  const response = await api.call('GET', '/', { key: null });
  expect(response.headers.get('content-type')).toBe('text/plain; charset=utf-8');
  expect(await response.text()).toMatch(/^Video proxy is running\. Use POST \/v1\/jobs to create a video/);
});

describe('readiness', () => {
  test('shows the key as this process knows it while no worker has looked at it', async () => {
    await using api = await startApi();
    expect(await read(api)).toMatchObject({
      status: 'ready',
      provider: 'aimlapi',
      redis: { state: 'ok', finding: null },
      workers: { count: 0, last_heartbeat: null, unrecorded_generations: 0 },
      credential: { state: 'unchecked', fingerprint: '1f3a9c2e', last_provider_request_id: null },
      storage: { state: 'ok', finding: null },
    });
  });

  test('shows what the workers found out about the account, also while jobs are held', async () => {
    await using api = await startApi();
    const nowMs = Date.now();
    await api.ledger.credential.write({
      state: 'rejected',
      fingerprint: 'abcdef01',
      sinceMs: nowMs,
      checkedAtMs: nowMs,
      finding: 'the provider rejects the key',
      evidence: rejection,
    });
    const { status, credential } = await read(api);
    expect(status).toBe('ready');
    expect(credential).toEqual({
      state: 'rejected',
      fingerprint: 'abcdef01',
      since: Math.floor(nowMs / 1_000),
      checked_at: Math.floor(nowMs / 1_000),
      last_provider_request_id: 'hRNOI9BMsuLeZ76UNdGhS',
      finding: 'the provider rejects the key',
    });
    expect((await api.call('POST', '/v1/jobs', { body: newJob })).status).toBe(202);
  });

  test('is ok for an account that has too few credits for one model, and says so unless the key is refused', async () => {
    await using api = await startApi();
    const nowMs = Date.now();
    const known = { fingerprint: 'abcdef01', sinceMs: nowMs, checkedAtMs: nowMs, finding: null, evidence: rejection };
    await api.ledger.credential.write({ ...known, state: 'ok' });
    await api.ledger.holds.change('model:google/veo-3.1-t2v', () => ({
      code: 'provider_out_of_credits',
      message: 'too few credits',
      sinceMs: nowMs,
      untilMs: nowMs + 30_000,
      evidence: rejection,
      tries: 1,
      refusedAtMs: nowMs,
      balanceUsd: 1.5,
      doubted: false,
    }));
    expect((await read(api)).credential).toMatchObject({
      state: 'ok',
      last_provider_request_id: rejection.requestId,
      finding: 'the key is valid, the account has too few credits for google/veo-3.1-t2v (balance 1.50 USD)',
    });
    await api.ledger.credential.write({ ...known, state: 'rejected', checkedAtMs: nowMs + 1 });
    expect((await read(api)).credential).toMatchObject({ state: 'rejected', finding: null });
  });

  test('counts the live workers', async () => {
    await using api = await startApi();
    const worker = { version: '1', role: 'worker', provider: 'aimlapi', keyFingerprint: null, startedAtMs: 0 } as const;
    const nowMs = Date.now();
    await api.ledger.workers.beat({ ...worker, id: 'w-1' }, nowMs - 2_000);
    await api.ledger.workers.beat({ ...worker, id: 'w-2' }, nowMs);
    await api.ledger.workers.beat({ ...worker, id: 'dead' }, nowMs - 60_000);
    expect((await read(api)).workers).toEqual({
      count: 2,
      last_heartbeat: Math.floor(nowMs / 1_000),
      unrecorded_generations: 0,
    });
  });

  test('sums the accepted generations that the workers could not write into their jobs', async () => {
    await using api = await startApi();
    const worker = { version: '1', role: 'worker', provider: 'aimlapi', keyFingerprint: null, startedAtMs: 0 } as const;
    await api.ledger.workers.beat({ ...worker, id: 'of-an-earlier-version' }, Date.now());
    await api.ledger.workers.beat({ ...worker, id: 'w-1', unrecordedGenerations: 2 }, Date.now());
    await api.ledger.workers.beat({ ...worker, id: 'w-2', unrecordedGenerations: 1 }, Date.now());
    expect((await read(api)).workers.unrecorded_generations).toBe(3);
  });

  test('says sandbox in the sandbox', async () => {
    await using api = await startApi({ settings: { provider: 'sandbox' } });
    expect((await read(api)).provider).toBe('sandbox');
  });
});
