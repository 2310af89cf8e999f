import { deletedVideoJob, inspectedJob, openaiError, videoJobWire } from '@video-proxy/contracts';
import { describe, expect, test } from 'vitest';
import {
  accepted,
  fileContent,
  generated,
  lost,
  notFound,
  rejected,
  started,
  stored,
  wayToCompletion,
} from './events.ts';
import { clientKey, opsKey, type RunningApi, startApi } from './running-api.ts';

const unknownId = `video_${'0'.repeat(26)}`;

const ask = (api: RunningApi, method: string, path: string, body?: unknown) =>
  api.call(method, `/ops/api/jobs/${path}`, { key: opsKey, body });

async function inspected(api: RunningApi, id: string) {
  return inspectedJob.parse(await (await ask(api, 'GET', id)).json());
}

const routes = [
  ['GET', ''],
  ['POST', '/cancel'],
  ['POST', '/retry'],
  ['POST', '/recheck'],
  ['DELETE', ''],
] as const;

describe('who may use the routes of the operators', () => {
  test.each(routes)(
    '%s …%s is open to the operator key, to no client key and to nobody without one',
    async (method, path) => {
      await using api = await startApi();
      const call = (key: string | null) => api.call(method, `/ops/api/jobs/${unknownId}${path}`, { key });
      expect((await call(opsKey)).status).toBe(404);
      for (const key of [clientKey, opsKey.slice(0, -1), `${opsKey}x`, null]) {
        const response = await call(key);
        expect(response.status).toBe(401);
        const { code } = openaiError.parse(await response.json()).error;
        expect(code).toBe(key === null ? 'missing_api_key' : 'invalid_api_key');
      }
    },
  );

  test('the operator key opens no route of a client', async () => {
    await using api = await startApi();
    expect((await api.call('GET', '/v1/jobs', { key: opsKey })).status).toBe(401);
  });

  test('without a key of their own only programs on this machine, and never in production', async () => {
    const path = `/ops/api/jobs/${unknownId}`;
    await using api = await startApi({ settings: { opsKey: null } });
    expect((await api.call('GET', path, { key: null })).status).toBe(404);
    const forwarded = await api.call('GET', path, { key: null, headers: { 'x-forwarded-for': '127.0.0.1' } });
    expect(forwarded.status).toBe(401);
    expect(openaiError.parse(await forwarded.json()).error.message).toContain('OPS_KEY');
    await using production = await startApi({ settings: { opsKey: null, production: true } });
    expect((await production.call('GET', path, { key: clientKey })).status).toBe(401);
  });

  test('neither the key nor a reason is in the log', async () => {
    await using api = await startApi();
    const id = await api.create();
    await ask(api, 'POST', `${id}/cancel`, { reason: 'a word about Mrs Miller' });
    expect(api.logText()).toContain('/ops/api/jobs/:id/cancel');
    expect(api.logText()).not.toMatch(/key-of-the-operators|Miller/);
  });
});

describe('an operator', () => {
  test("sees everybody's job with its owner and its whole history", async () => {
    await using api = await startApi();
    const id = await api.create({}, { 'x-librechat-user-id': 'ann' });
    await api.happen(id, started, rejected);
    await api.ledger.jobs.note(id, { type: 'poll_refused', atMs: Date.now(), details: { afterTries: 2 } });
    const { job, owner, events, watched_until } = await inspected(api, id);
    expect({ id: job.id, owner, watched_until }).toEqual({ id, owner: 'alice/ann', watched_until: null });
    expect(events.map(({ type }) => type)).toEqual(['created', 'submit_started', 'submit_refused', 'poll_refused']);
    expect(events[2]?.details).toMatchObject({
      failure: { code: 'provider_auth_failed', evidence: { status_code: 401 } },
    });
    expect(events[3]?.details).toEqual({ after_tries: 2 });
  });

  test('sees until when a job without a verdict is still looked at', async () => {
    await using api = await startApi();
    const id = await api.create();
    const { lifecycle } = await api.happen(id, started, accepted, { type: 'deadline_passed' });
    if (lifecycle.state !== 'failed' || lifecycle.submittedAtMs === null) throw new Error('not failed');
    expect((await inspected(api, id)).watched_until).toBe(Math.floor(lifecycle.submittedAtMs / 1_000) + 86_400);
  });

  test('cancels, and the history says who and why', async () => {
    await using api = await startApi();
    const id = await api.create();
    const response = await ask(api, 'POST', `${id}/cancel`, { reason: ' the user asked ' });
    expect(response.status).toBe(200);
    expect(videoJobWire.parse(await response.json())).toMatchObject({ phase: 'cancelled' });
    expect((await inspected(api, id)).events.at(-1)).toMatchObject({
      type: 'cancel_requested',
      details: { by: 'operator', reason: 'the user asked' },
    });
  });

  test('retries, and says that it may cost again where it may', async () => {
    await using api = await startApi();
    const id = await api.create();
    await api.happen(id, started, lost, notFound);
    const refused = await ask(api, 'POST', `${id}/retry`);
    expect(refused.status).toBe(409);
    expect(openaiError.parse(await refused.json()).error.code).toBe('cost_confirmation_required');
    const retried = await ask(api, 'POST', `${id}/retry`, { confirm_cost: true });
    expect(retried.status).toBe(202);
    expect(videoJobWire.parse(await retried.json())).toMatchObject({ status: 'queued', attempt: 2 });
    await expect.poll(async () => (await api.steps.counts()).submit.waiting).toBe(2);
    expect((await inspected(api, id)).events.at(-1)).toMatchObject({ details: { by: 'operator' } });
  });

  test('rechecks a failed job, which a worker then looks at', async () => {
    await using api = await startApi();
    const id = await api.create();
    await api.happen(id, started, accepted, { type: 'deadline_passed' });
    const response = await ask(api, 'POST', `${id}/recheck`, { reason: 'seen at the provider' });
    expect(response.status).toBe(202);
    expect(videoJobWire.parse(await response.json())).toMatchObject({ phase: 'generating', attempt: 1 });
    await expect.poll(async () => (await api.steps.counts()).poll.waiting).toBe(1);
    expect((await inspected(api, id)).events.at(-1)).toMatchObject({
      type: 'recheck_requested',
      details: { by: 'operator', reason: 'seen at the provider' },
    });
  });

  test.each([undefined, { reason: 'asked for' }])(
    'deletes an ended job with its file, with the body %j',
    async (body) => {
      await using api = await startApi();
      const id = await api.create();
      await api.saveFile(`${id}.mp4`, fileContent);
      await api.happen(id, ...wayToCompletion(`${id}.mp4`));
      const response = await ask(api, 'DELETE', id, body);
      expect(deletedVideoJob.parse(await response.json())).toMatchObject({ id, deleted: true });
      expect((await ask(api, 'GET', id)).status).toBe(404);
      expect(await api.hasFile(`${id}.mp4`)).toBe(false);
    },
  );

  test('is refused like an owner where an order makes no sense', async () => {
    await using api = await startApi();
    const id = await api.create();
    await api.happen(id, started, accepted, generated);
    expect((await ask(api, 'DELETE', id)).status).toBe(409);
    await api.happen(id, stored(`${id}.mp4`));
    for (const order of ['cancel', 'retry', 'recheck']) {
      expect((await ask(api, 'POST', `${id}/${order}`)).status).toBe(409);
    }
  });

  test.each([{ reasons: 'x' }, { reason: 'x'.repeat(501) }, { confirm_cost: 'yes' }])(
    'with the body %j is refused, and nothing happens',
    async (body) => {
      await using api = await startApi();
      const id = await api.create();
      expect((await ask(api, 'POST', `${id}/cancel`, body)).status).toBe(400);
      expect((await api.ledger.jobs.get(id))?.lifecycle.state).toBe('queued');
    },
  );
});
