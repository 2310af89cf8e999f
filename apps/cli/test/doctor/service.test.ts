import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fingerprintOf } from '@video-proxy/aimlapi';
import type { Readiness } from '@video-proxy/contracts';
import { startSandbox } from '@video-proxy/sandbox';
import { describe, expect, onTestFinished, test } from 'vitest';
import { examineService } from '../../src/doctor/checks/service.ts';
import type { Finding } from '../../src/doctor/finding.ts';
import { runCli, temporaryFolder } from '../run-cli.ts';
import { startService } from '../start/running-service.ts';
import { diagnose } from './diagnosis.ts';

const oldKey = 'sk-aimlapi-00000000000000000000000000000000';
const newKey = 'sk-aimlapi-11111111111111111111111111111111';

test('a service that was not restarted after the key changed holds another key than the environment', async () => {
  const folder = await temporaryFolder();
  onTestFinished(() => folder[Symbol.asyncDispose]());
  const sandbox = await startSandbox({ apiKey: newKey });
  onTestFinished(() => sandbox.close());
  const settings = { AIMLAPI_BASE_URL: sandbox.url, NODE_ENV: 'production' };
  const { origin } = await startService(folder.path, { ...settings, AI_ML_API_KEY: oldKey });

  const diagnosis = await diagnose({ ...settings, AI_ML_API_KEY: newKey }, ['--url', origin], folder.path);
  const finding = diagnosis.of('key_differs');
  expect(finding).toMatchObject({ status: 'fail', action: expect.stringContaining('restart') });
  expect(finding?.finding).toContain(fingerprintOf(oldKey));
  expect(finding?.finding).toContain(fingerprintOf(newKey));
  expect(diagnosis.checks.find(({ id }) => id === 'provider')).toMatchObject({ status: 'ok' });
  expect(diagnosis.code).toBe(1);

  const withSameKey = await diagnose({ ...settings, AI_ML_API_KEY: oldKey }, ['--url', origin], folder.path);
  expect(withSameKey.of('key_differs')).toBeUndefined();
  expect(withSameKey.of('provider_rejected')).toBeDefined();
}, 40_000);

test('all is well while the service runs in the sandbox that was asked for', async () => {
  const folder = await temporaryFolder();
  onTestFinished(() => folder[Symbol.asyncDispose]());
  const { origin } = await startService(folder.path, { PROVIDER: 'sandbox' });
  const diagnosis = await diagnose({ PROVIDER: 'sandbox' }, ['--url', origin], folder.path);
  expect(diagnosis.checks.filter(({ status }) => status !== 'ok')).toEqual([]);
  expect(diagnosis.code).toBe(0);
}, 40_000);

test('something else on our port is named', async () => {
  const stranger = createServer((_request, response) => response.end('hello'));
  await new Promise<void>((resolve) => stranger.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void stranger.close());
  const { port } = stranger.address() as AddressInfo;
  const diagnosis = await diagnose({ PROVIDER: 'sandbox' }, ['--url', `http://127.0.0.1:${port}`]);
  expect(diagnosis.of('port_taken')).toMatchObject({ status: 'fail' });
});

test('a setting that is none is a finding, and the diagnosis goes on without it', async () => {
  await using folder = await temporaryFolder();
  const { code, stdout } = await runCli(['doctor', '--json'], {
    cwd: folder.path,
    env: { PROVIDER: 'sandbox', PORT: 'eighty' },
  });
  const { checks } = JSON.parse(stdout) as { checks: readonly Finding[] };
  expect(checks.find(({ cause }) => cause === 'setting_invalid')?.finding).toContain('PORT');
  expect(code).toBe(1);
});

describe('what the service says about itself', () => {
  const healthy: Readiness = {
    status: 'ready',
    provider: 'aimlapi',
    redis: { state: 'ok', finding: null },
    workers: { count: 1, last_heartbeat: 1_764_943_590, unrecorded_generations: 0 },
    credential: {
      state: 'ok',
      fingerprint: fingerprintOf(oldKey),
      since: 1_764_943_590,
      checked_at: null,
      last_provider_request_id: null,
      finding: null,
    },
    storage: { state: 'ok', finding: null },
  };
  const causesOf = (report: Readiness, key: string | null = oldKey, sandboxChosen = false) =>
    examineService({
      origin: 'http://127.0.0.1:8080',
      visit: { kind: 'answered', report },
      key: { value: key, fingerprint: key === null ? null : fingerprintOf(key) },
      sandboxChosen,
    }).map(({ cause }) => cause);

  test('a healthy one is ok', () => {
    expect(causesOf(healthy)).toEqual(['ok']);
  });

  test('one without a key while the environment has one needs a restart', () => {
    expect(
      causesOf({ ...healthy, credential: { ...healthy.credential, state: 'missing', fingerprint: null } }),
    ).toEqual(['key_differs', 'service_key_missing']);
  });

  test('one that still simulates while the environment has a key needs a restart', () => {
    expect(causesOf({ ...healthy, provider: 'sandbox' })).toEqual(['key_differs']);
    expect(causesOf({ ...healthy, provider: 'sandbox' }, oldKey, true)).toEqual(['ok']);
  });

  test('a refused account is named with the last request id, also when this shell has no key', () => {
    const credential = { ...healthy.credential, state: 'out_of_credits', last_provider_request_id: 'hRNO' } as const;
    const [finding] = examineService({
      origin: 'http://127.0.0.1:8080',
      visit: { kind: 'answered', report: { ...healthy, credential } },
      key: { value: null, fingerprint: null },
      sandboxChosen: false,
    });
    expect(finding).toMatchObject({
      cause: 'service_key_out_of_credits',
      finding: expect.stringMatching(/out of credits.*hRNO/),
    });
  });

  test('a good account that cannot pay for one model is a warning', () => {
    const credential = { ...healthy.credential, finding: 'too few credits for a/model' };
    expect(causesOf({ ...healthy, credential })).toEqual(['service_model_held']);
  });

  test('storage and Redis that are away are named', () => {
    const away = { state: 'unavailable', finding: null } as const;
    expect(causesOf({ ...healthy, storage: away })).toEqual(['storage_unavailable']);
    expect(causesOf({ ...healthy, status: 'unavailable', redis: away })).toEqual(['service_not_ready']);
  });
});
