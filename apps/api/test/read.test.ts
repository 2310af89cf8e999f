import { openaiError, type VideoJobWire, videoJobList, videoJobWire } from '@video-proxy/contracts';
import { describe, expect, test } from 'vitest';
import { accepted, lost, rejected, rejection, started, wayToCompletion } from './events.ts';
import { otherKey, type RunningApi, startApi } from './running-api.ts';

async function read(api: RunningApi, id: string, query = ''): Promise<VideoJobWire> {
  const response = await api.call('GET', `/v1/jobs/${id}${query}`);
  expect(response.status).toBe(200);
  return videoJobWire.parse(await response.json());
}

describe('a status', () => {
  test('follows a job from the queue to its file', async () => {
    await using api = await startApi();
    const id = await api.create();
    expect(await read(api, id)).toMatchObject({
      status: 'queued',
      phase: 'queued',
      queue_position: 1,
      submitted_at: null,
    });
    await api.happen(id, started);
    expect(await read(api, id)).toMatchObject({ status: 'in_progress', phase: 'submitting', queue_position: null });
    await api.happen(id, accepted);
    const generating = await read(api, id);
    expect(generating).toMatchObject({ phase: 'generating', generation_id: 'gen-1', cost: { held_usd: 1.95 } });
    expect(generating.submitted_at).not.toBeNull();
    await api.happen(id, ...wayToCompletion(`${id}.mp4`).slice(2));
    const completed = await read(api, id);
    expect(completed).toMatchObject({
      status: 'completed',
      progress: 100,
      video: { content_type: 'video/mp4', width: 1280, height: 720, duration_seconds: 8 },
      links: { video: `${api.url}/v1/jobs/${id}/video`, poster: `${api.url}/v1/jobs/${id}/poster` },
    });
    expect(completed.video?.poster_url).toBe(completed.video?.url.replace('video.mp4', 'poster.jpg'));
    expect(completed.expires_at).toBe((completed.completed_at ?? 0) + 30 * 86_400);
    expect(JSON.stringify(completed)).not.toContain('cdn.example');
  });

  test('tells the time that is left by what others of the same model and length took, and never guesses it', async () => {
    await using api = await startApi();
    const kind = { provider: 'aimlapi', model: 'google/veo-3.1-t2v', lengthSeconds: 8 } as const;
    // An hour, so that the seconds this test takes do not matter.
    for (let count = 0; count < 5; count += 1) await api.ledger.times.record(kind, 3_600_000);
    const ids = {
      known: await api.create({ parameters: { duration: 8 } }),
      ofAnotherLength: await api.create({ parameters: { duration: 4 } }),
      waiting: await api.create({ parameters: { duration: 8 } }),
    };
    await api.happen(ids.known, started, accepted);
    await api.happen(ids.ofAnotherLength, started, accepted);
    const known = await read(api, ids.known);
    expect(known.eta_seconds).toBeGreaterThan(3_500);
    expect(known.eta_seconds).toBeLessThanOrEqual(3_600);
    expect(known.progress).toBe(0);
    expect((await read(api, ids.ofAnotherLength)).eta_seconds).toBeNull();
    expect((await read(api, ids.waiting)).eta_seconds).toBeNull();
  });

  test('shows a rejected key as evidence, without any doubt about money', async () => {
    await using api = await startApi();
    const id = await api.create();
    await api.happen(id, started, rejected);
    const { error, ...job } = await read(api, id);
    expect(job).toMatchObject({ status: 'failed', phase: 'failed', completed_at: null, video: null });
    expect(error).toMatchObject({
      code: 'provider_auth_failed',
      billed: 'no',
      retryable: true,
      provider: { name: 'aimlapi', status_code: 401, request_id: rejection.requestId, message: rejection.message },
    });
  });

  test('shows the hold of the account on a job that waits, with the evidence and its end', async () => {
    await using api = await startApi({ settings: { holdMaxMs: 60_000 } });
    const id = await api.create();
    const sinceMs = Date.now() + 5_000;
    const record = { state: 'rejected', fingerprint: 'f', checkedAtMs: sinceMs, finding: 'for operators' } as const;
    await api.ledger.credential.write({ ...record, sinceMs, evidence: rejection });
    await expect
      .poll(async () => (await read(api, id)).hold, { timeout: 5_000 })
      .toMatchObject({
        code: 'provider_auth_failed',
        since: Math.floor(sinceMs / 1_000),
        until: Math.floor(sinceMs / 1_000) + 60,
        provider: { request_id: rejection.requestId },
      });
    const { hold, status } = await read(api, id);
    expect(status).toBe('queued');
    expect(hold?.message).not.toContain('for operators');
    await api.happen(id, started, accepted);
    expect((await read(api, id)).hold).toBeNull();
  });

  test('shows why the provider did not take a job yet', async () => {
    await using api = await startApi();
    const id = await api.create();
    const hold = {
      code: 'provider_rate_limited',
      message: 'Too many requests.',
      untilMs: null,
      evidence: null,
    } as const;
    await api.happen(id, started, { type: 'submit_deferred', hold: { ...hold, sinceMs: Date.now() } });
    expect((await read(api, id)).hold).toMatchObject({ code: 'provider_rate_limited', message: 'Too many requests.' });
  });

  test('counts the places in the queue', async () => {
    await using api = await startApi();
    const [first, second] = [await api.create(), await api.create()];
    expect((await read(api, second)).queue_position).toBe(2);
    await api.happen(first, started);
    await expect.poll(async () => (await read(api, second)).queue_position, { timeout: 5_000 }).toBe(1);
  });

  test('never offers a retry where something may have been billed', async () => {
    await using api = await startApi();
    const id = await api.create();
    await api.happen(id, started, lost);
    expect(await read(api, id)).toMatchObject({ status: 'in_progress', phase: 'submission_unknown', error: null });
    await api.happen(id, { type: 'submission_not_found' });
    expect((await read(api, id)).error).toMatchObject({
      code: 'submission_unknown',
      billed: 'unknown',
      retryable: false,
    });
  });

  test('of an unfinished job says when to ask again', async () => {
    await using api = await startApi();
    const id = await api.create();
    expect((await api.call('GET', `/v1/jobs/${id}`)).headers.get('retry-after')).toBe('5');
    await api.happen(id, { type: 'cancel_requested' });
    expect((await api.call('GET', `/v1/jobs/${id}`)).headers.get('retry-after')).toBeNull();
  });

  test.each(['video_01k00000000000000000000000', 'video_x', 'gen-1', '%00', 'a'.repeat(200)])(
    'of the unknown id %s is 404',
    async (id) => {
      await using api = await startApi();
      const response = await api.call('GET', `/v1/jobs/${id}`);
      expect(response.status).toBe(404);
      expect(openaiError.parse(await response.json()).error.code).toBe('not_found');
    },
  );
});

describe('waiting for a job', () => {
  test('ends within a moment after the job has ended', async () => {
    await using api = await startApi();
    const id = await api.create();
    const waiting = read(api, id, '?wait_seconds=20');
    await api.happen(id, started);
    const endedAtMs = Date.now();
    await api.happen(id, rejected);
    expect((await waiting).status).toBe('failed');
    expect(Date.now() - endedAtMs).toBeLessThan(2_000);
  });

  test('ends when the time is up, with the job as it is', async () => {
    await using api = await startApi();
    const id = await api.create();
    const startedAtMs = Date.now();
    expect((await read(api, id, '?wait_seconds=0.3')).status).toBe('queued');
    expect(Date.now() - startedAtMs).toBeGreaterThanOrEqual(290);
  });

  test('does not happen for a job that has ended', async () => {
    await using api = await startApi();
    const id = await api.create();
    await api.happen(id, { type: 'cancel_requested' });
    const startedAtMs = Date.now();
    await read(api, id, '?wait_seconds=20');
    expect(Date.now() - startedAtMs).toBeLessThan(2_000);
  });

  test('serves many who wait for the same job', async () => {
    await using api = await startApi();
    const id = await api.create();
    const waiting = Array.from({ length: 30 }, () => read(api, id, '?wait_seconds=20'));
    await api.happen(id, { type: 'cancel_requested' });
    expect((await Promise.all(waiting)).map(({ phase }) => phase)).toEqual(Array(30).fill('cancelled'));
  });

  test('ends when the service is told to close, with an answer', async () => {
    await using api = await startApi();
    const id = await api.create();
    const waiting = read(api, id, '?wait_seconds=20');
    // The request must have reached its handler: an answer that came later shows that requests are served.
    await read(api, id);
    await api.closeServer();
    expect((await waiting).status).toBe('queued');
  });

  test.each(['51', '-1', 'soon'])('for %s seconds is refused', async (seconds) => {
    await using api = await startApi();
    const id = await api.create();
    const response = await api.call('GET', `/v1/jobs/${id}?wait_seconds=${seconds}`);
    expect(response.status).toBe(400);
    expect(openaiError.parse(await response.json()).error.param).toBe('wait_seconds');
  });
});

describe('the list of jobs', () => {
  async function list(api: RunningApi, query = '', headers: Record<string, string> = {}) {
    const response = await api.call('GET', `/v1/jobs${query}`, { headers });
    expect(response.status).toBe(200);
    return videoJobList.parse(await response.json());
  }

  test('is newest first and comes in pages that new jobs do not shift', async () => {
    await using api = await startApi();
    const ids: string[] = [];
    for (let count = 0; count < 5; count += 1) ids.unshift(await api.create());
    const first = await list(api, '?limit=2');
    expect(first).toMatchObject({ object: 'list', first_id: ids[0], last_id: ids[1], has_more: true });
    await api.create();
    const second = await list(api, `?limit=2&after=${first.last_id}`);
    expect(second.data.map(({ id }) => id)).toEqual([ids[2], ids[3]]);
    const third = await list(api, `?limit=2&after=${second.last_id}`);
    expect(third).toMatchObject({ first_id: ids[4], last_id: ids[4], has_more: false });
  });

  test('can be narrowed to a status and a model', async () => {
    await using api = await startApi();
    const queued = await api.create();
    const failed = await api.create({ model: 'google/veo-3.1-t2v-fast' });
    await api.happen(failed, { type: 'cancel_requested' });
    expect((await list(api, '?status=failed')).data.map(({ id }) => id)).toEqual([failed]);
    expect((await list(api, '?status=queued')).data.map(({ id }) => id)).toEqual([queued]);
    expect((await list(api, '?model=google/veo-3.1-text-to-video')).data.map(({ id }) => id)).toEqual([queued]);
    expect(await list(api, '?status=completed')).toMatchObject({
      data: [],
      first_id: null,
      last_id: null,
      has_more: false,
    });
  });

  test.each(['status=done', 'limit=0', 'limit=101', 'limit=x', 'after=nonsense'])('refuses %s', async (query) => {
    await using api = await startApi();
    const response = await api.call('GET', `/v1/jobs?${query}`);
    expect(response.status).toBe(400);
    expect(openaiError.parse(await response.json()).error.param).toBe(query.split('=')[0]);
  });

  test('holds what came with the key of the client, and for a named user only what is theirs', async () => {
    await using api = await startApi();
    const own = await api.create();
    const ofUser = await api.create({}, { 'x-librechat-user-id': 'u-1' });
    expect((await list(api)).data.map(({ id }) => id)).toEqual([ofUser, own]);
    const asUser = await list(api, '', { 'x-librechat-user-id': 'u-1' });
    expect(asUser.data.map(({ id }) => id)).toEqual([ofUser]);
    expect((await list(api, '', { 'x-librechat-user-id': 'u-2' })).data).toEqual([]);
  });
});

describe('a job of somebody else', () => {
  const orders: readonly (readonly [method: string, path: string])[] = [
    ['GET', ''],
    ['GET', '?wait_seconds=1'],
    ['DELETE', ''],
    ['POST', '/cancel'],
    ['POST', '/retry'],
    ['GET', '/events'],
    ['GET', '/video'],
    ['GET', '/poster'],
  ];
  test.each(orders)('cannot be told from an unknown one by %s %s', async (method, path) => {
    await using api = await startApi();
    const id = await api.create();
    const ask = async (jobId: string) => {
      const headers = { 'x-request-id': 'same' };
      const response = await api.call(method, `/v1/jobs/${jobId}${path}`, { key: otherKey, headers });
      return { status: response.status, body: await response.text() };
    };
    const foreign = await ask(id);
    expect(foreign).toEqual(await ask('video_01k00000000000000000000000'));
    expect(foreign.status).toBe(404);
    expect((await api.ledger.jobs.get(id))?.lifecycle.state).toBe('queued');
  });

  test('is also that of another user of the same client', async () => {
    await using api = await startApi();
    const id = await api.create({}, { 'x-librechat-user-id': 'u-1' });
    const as = (user: string) => api.call('GET', `/v1/jobs/${id}`, { headers: { 'x-librechat-user-id': user } });
    expect((await as('u-1')).status).toBe(200);
    expect((await as('u-2')).status).toBe(404);
    expect((await as('u')).status).toBe(404);
  });

  test('cannot be reached by a user name with a slash, nor by another client of a similar name', async () => {
    const clientKeys = new Map([
      ['alice', 'key-of-alice'],
      ['alice2', 'key-of-alice2'],
    ]);
    await using api = await startApi({ settings: { clientKeys } });
    const id = await api.create({}, { 'x-librechat-user-id': 'a/b' });
    const headers = { 'x-librechat-user-id': 'a' };
    expect((await api.call('GET', `/v1/jobs/${id}`, { headers })).status).toBe(404);
    expect((await api.call('GET', `/v1/jobs/${id}`, { key: 'key-of-alice2' })).status).toBe(404);
    expect((await api.ledger.jobs.get(id))?.owner).toBe('alice/a%2Fb');
  });

  test('is not shown to a caller whose user header names nobody', async () => {
    await using api = await startApi();
    const id = await api.create();
    for (const user of ['', ' ', '{{LIBRECHAT_USER_ID}}', 'x'.repeat(129)]) {
      const response = await api.call('GET', `/v1/jobs/${id}`, { headers: { 'x-librechat-user-id': user } });
      expect(response.status).toBe(400);
      expect(openaiError.parse(await response.json()).error.param).toBe('X-LibreChat-User-Id');
    }
  });

  test('belongs to the same user however LibreChat encodes the name', async () => {
    await using api = await startApi();
    const encoded = `b64:${Buffer.from('José 用户').toString('base64')}`;
    const id = await api.create({}, { 'x-librechat-user-id': encoded });
    expect((await api.ledger.jobs.get(id))?.owner).toBe(`alice/${encodeURIComponent('José 用户')}`);
  });
});
