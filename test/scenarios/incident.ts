import { expect, vi } from 'vitest';
import { providerKey } from '../installation.ts';
import type { Scenario } from './scenario.ts';

/** What the provider said in the incident this service was built after. */
const refusal = {
  status_code: 401,
  request_id: 'hRNOI9BMsuLeZ76UNdGhS',
  path: '/v2/video/generations',
  timestamp: '2025-12-05T13:46:30.569Z',
  kind: null,
  message:
    'This request requires a valid API key. You can create a new API key on the Billing page: https://aimlapi.com/app/keys',
};

/** Health green, logs empty, and a 401 nobody could explain: what that looks like now. */
export const incident: Scenario = {
  title: 'a rejected key is named by the job, its history, the log, /readyz and the jobs that wait because of it',
  settings: { PROBE_INTERVAL_SECONDS: '2' },
  async play({ sandbox, startApi, startWorker }) {
    const [api, worker] = await Promise.all([startApi(), startWorker()]);
    sandbox.control.script('create', 'incident');
    sandbox.control.script('billing', 'incident');

    const { id } = await api.create('a red balloon');
    expect(await api.ended(id)).toMatchObject({
      status: 'failed',
      phase: 'failed',
      generation_id: null,
      video: null,
      error: {
        code: 'provider_auth_failed',
        message: "The video provider rejected this service's API key. Operators have been told; nothing was billed.",
        retryable: true,
        billed: 'no',
        provider: { name: 'aimlapi', ...refusal, client_request_id: `${id}.1` },
      },
    });
    await worker.waitForLine(new RegExp(`"jobId":"${id}".*"requestId":"${refusal.request_id}"`));
    const history = await fetch(`${api.url}/v1/jobs/${id}/events`).then((response) => response.text());
    expect(history).toContain(refusal.request_id);

    const waiting = await api.create('a blue balloon');
    await vi.waitFor(
      async () =>
        expect(await api.read(waiting.id)).toMatchObject({
          status: 'queued',
          hold: { code: 'provider_auth_failed', provider: refusal },
        }),
      { timeout: 15_000 },
    );
    expect(await api.readJson('/readyz')).toMatchObject({
      credential: {
        state: 'rejected',
        last_provider_request_id: refusal.request_id,
        fingerprint: expect.any(String),
      },
    });

    // The provider accepts the key again; nobody has to do anything here.
    expect(await api.ended(waiting.id)).toMatchObject({ status: 'completed', hold: null });
    expect(sandbox.control.creates()).toMatchObject({ received: 2, accepted: 1 });
    expect([...api.process.stdout, ...worker.stdout].join('\n')).not.toContain(providerKey);
  },
};
