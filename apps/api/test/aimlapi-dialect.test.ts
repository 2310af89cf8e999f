import { openAimlapi } from '@video-proxy/aimlapi';
import { aimlapiError, generationWire } from '@video-proxy/contracts';
import { startTcpProxy, testRedisUrl } from '@video-proxy/testkit';
import { describe, expect, test } from 'vitest';
import { accepted, fileContent, rejected, started, wayToCompletion } from './events.ts';
import { clientKey, newJob, otherKey, type RunningApi, startApi } from './running-api.ts';

const create = '/v2/video/generations';

async function generation(response: Response) {
  expect(response.status).toBe(200);
  return generationWire.parse(await response.json());
}

async function poll(api: RunningApi, id: string) {
  return generation(await api.call('GET', `${create}?generation_id=${id}`));
}

describe.each([create, '/video/generate'])('POST %s', (path) => {
  test('takes the flat request of the provider and answers as the provider does', async () => {
    await using api = await startApi();
    const response = await api.call('POST', path, { body: { ...newJob, duration: 8, generate_audio: false } });
    const { id, status, video, error } = await generation(response);
    expect({ status, video, error }).toEqual({ status: 'queued', video: null, error: null });
    const job = await api.ledger.jobs.get(id);
    expect(job).toMatchObject({ ...newJob, parameters: { duration: 8, generate_audio: false }, metadata: {} });
    expect(job?.parameters).not.toHaveProperty('prompt');
  });

  test('names a wrong field in the envelope of the provider', async () => {
    await using api = await startApi();
    const response = await api.call('POST', path, { body: { ...newJob, duration: 5 } });
    expect(response.status).toBe(400);
    expect(aimlapiError.parse(await response.json())).toMatchObject({
      statusCode: 400,
      path,
      requestId: response.headers.get('x-request-id'),
      message: expect.stringContaining('duration'),
    });
  });

  test('makes one job of repeated requests with one idempotency key', async () => {
    await using api = await startApi();
    const once = () => api.call('POST', path, { body: newJob, headers: { 'idempotency-key': 'k' } });
    const [first, second] = [await generation(await once()), await once()];
    expect(second.headers.get('idempotency-replayed')).toBe('true');
    expect((await generation(second)).id).toBe(first.id);
  });

  test('refuses another request with the same key in the same envelope', async () => {
    await using api = await startApi();
    const headers = { 'idempotency-key': 'k' };
    await generation(await api.call('POST', path, { body: newJob, headers }));
    const response = await api.call('POST', path, { body: { ...newJob, prompt: 'another' }, headers });
    expect([response.status, response.headers.get('x-should-retry')]).toEqual([409, 'false']);
    expect(aimlapiError.parse(await response.json())).toMatchObject({ statusCode: 409, path });
  });

  test('tells in the same envelope that the job store is away', async () => {
    await using proxy = await startTcpProxy({ target: testRedisUrl() });
    await using api = await startApi({ redisUrl: proxy.url });
    await proxy.cut();
    const response = await api.call('POST', path, { body: newJob, headers: { 'idempotency-key': 'k' } });
    expect([response.status, response.headers.get('retry-after')]).toEqual([503, '2']);
    expect(aimlapiError.parse(await response.json())).toMatchObject({ statusCode: 503, path });
    await proxy.resume();
  });

  test.each([
    ['an unknown model', { ...newJob, model: 'nope' }, 404],
    ['no model', { prompt: 'x' }, 400],
    ['a 3 MB prompt', { ...newJob, prompt: 'x'.repeat(3_000_000) }, 400],
    ['broken JSON', '{', 400],
  ])('refuses %s', async (_name, body, status) => {
    await using api = await startApi();
    const response = await api.call('POST', path, { body });
    expect(response.status).toBe(status);
    expect(aimlapiError.parse(await response.json()).statusCode).toBe(status);
  });

  test('without a key is 401 in the same envelope', async () => {
    await using api = await startApi();
    const response = await api.call('POST', path, { body: newJob, key: null });
    expect(response.status).toBe(401);
    expect(aimlapiError.parse(await response.json()).path).toBe(path);
  });
});

describe('polling a generation', () => {
  test('uses the words of the provider and ends in a link that needs no key', async () => {
    await using api = await startApi();
    const id = await api.create();
    expect((await poll(api, id)).status).toBe('queued');
    await api.happen(id, started);
    expect((await poll(api, id)).status).toBe('generating');
    await api.happen(id, accepted);
    expect(await poll(api, id)).toMatchObject({
      id,
      status: 'generating',
      meta: { usage: { usd_spent: 1.95, credits_used: 3_900_000 } },
    });
    await api.saveFile(`${id}.mp4`, fileContent);
    await api.happen(id, ...wayToCompletion(`${id}.mp4`).slice(2));
    const done = await poll(api, id);
    expect(done.status).toBe('completed');
    const file = await fetch(done.video?.url ?? '');
    expect(await file.text()).toBe(fileContent);
  });

  test('tells a failure by its code and our words', async () => {
    await using api = await startApi();
    const id = await api.create();
    await api.happen(id, started, rejected);
    expect(await poll(api, id)).toMatchObject({
      status: 'error',
      video: null,
      error: { name: 'provider_auth_failed' },
    });
  });

  test('is refused without an id, and does not know the ids of others', async () => {
    await using api = await startApi();
    const id = await api.create();
    expect((await api.call('GET', create)).status).toBe(400);
    for (const [asked, key] of [
      [id, otherKey],
      ['gen-1', otherKey],
    ] as const) {
      const response = await api.call('GET', `${create}?generation_id=${asked}`, { key });
      expect(response.status).toBe(404);
      expect(aimlapiError.parse(await response.json()).message).toBe('Generation not found.');
    }
  });
});

test('every answer about a generation names it, and repeats an id of the caller that is none of nonsense', async () => {
  await using api = await startApi();
  const created = await api.call('POST', create, { body: newJob, headers: { 'x-client-request-id': 'mine.1' } });
  const { id } = await generation(created);
  expect(created.headers.get('x-inference-id')).toBe(id);
  expect(created.headers.get('x-client-request-id')).toBe('mine.1');
  const headers = { 'x-client-request-id': 'not an id' };
  const polled = await api.call('GET', `${create}?generation_id=${id}`, { headers });
  expect(polled.headers.get('x-inference-id')).toBe(id);
  expect(polled.headers.get('x-client-request-id')).toBeNull();
});

test.each([
  ['another method', 'PUT', create, 405],
  ['another path of the provider', 'POST', '/v2/generate/video/google/generation', 404],
  ['a form', 'POST', create, 415],
  ['a body beyond the limit', 'POST', create, 413],
])('%s is refused in the envelope of the provider', async (_what, method, path, status) => {
  await using api = await startApi();
  const headers = status === 415 ? { 'content-type': 'application/x-www-form-urlencoded' } : {};
  const body = status === 413 ? { ...newJob, image_url: `data:image/png;base64,${'A'.repeat(9_000_000)}` } : newJob;
  const response = await api.call(method, path, { body, headers });
  expect(response.status).toBe(status);
  expect(aimlapiError.parse(await response.json())).toMatchObject({ statusCode: status, path });
});

describe('a client of the provider, ours, with nothing changed but its base URL and key', () => {
  const request = { ...newJob, parameters: { duration: 8 }, clientRequestId: 'mine.1' };
  const signal = new AbortController().signal;
  const clientOf = (api: RunningApi, key = clientKey) =>
    openAimlapi({ name: 'aimlapi', baseUrl: api.url, apiKey: () => key });

  test('creates, polls, and gets a link', async () => {
    await using api = await startApi();
    await using client = clientOf(api);
    const answer = await client.create(request, signal);
    if (answer.kind !== 'accepted') throw new Error(answer.kind);
    const { generationId: id } = answer;
    expect(await api.ledger.jobs.get(id)).toMatchObject({ ...newJob, parameters: { duration: 8 } });
    expect(await client.poll(id, signal)).toMatchObject({ kind: 'pending' });
    await api.happen(id, ...wayToCompletion(`${id}.mp4`));
    expect(await client.poll(id, signal)).toMatchObject({
      kind: 'succeeded',
      sourceUrl: expect.stringMatching(/\/v\/.+\/video\.mp4$/),
      usage: { heldUsd: 1.95 },
    });
  });

  test('understands every refusal', async () => {
    await using api = await startApi();
    await using client = clientOf(api);
    await using stranger = clientOf(api, 'key-of-nobody');
    const codeOf = (outcome: { kind: string; failure?: { code: string } }) => [outcome.kind, outcome.failure?.code];
    const wrong = { ...request, parameters: { duration: 5 } };
    expect(codeOf(await client.create(wrong, signal))).toEqual(['refused', 'invalid_request']);
    const unknown = { ...request, model: 'nope' };
    expect(codeOf(await client.create(unknown, signal))).toEqual(['refused', 'model_not_found']);
    expect(codeOf(await stranger.create(request, signal))).toEqual(['refused', 'provider_auth_failed']);
    expect((await client.poll(`video_${'0'.repeat(26)}`, signal)).kind).toBe('not_found');
    const id = await api.create();
    await api.happen(id, started, rejected);
    expect(codeOf(await client.poll(id, signal))[0]).toBe('failed');
  });
});

test('GET /video/generate says how it is meant', async () => {
  await using api = await startApi();
  const response = await api.call('GET', '/video/generate');
  expect(response.status).toBe(405);
  expect(response.headers.get('allow')).toBe('POST');
  expect(aimlapiError.parse(await response.json()).message).toContain('POST');
});
