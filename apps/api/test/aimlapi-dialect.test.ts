import { aimlapiError, generationWire } from '@video-proxy/contracts';
import { describe, expect, test } from 'vitest';
import { accepted, fileContent, rejected, started, wayToCompletion } from './events.ts';
import { newJob, otherKey, type RunningApi, startApi } from './running-api.ts';

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

test('GET /video/generate says how it is meant', async () => {
  await using api = await startApi();
  const response = await api.call('GET', '/video/generate');
  expect(response.status).toBe(405);
  expect(response.headers.get('allow')).toBe('POST');
  expect(aimlapiError.parse(await response.json()).message).toContain('POST');
});
