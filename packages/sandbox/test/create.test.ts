import { type Sandbox, startSandbox } from '@video-proxy/sandbox';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createScenarios } from '../src/scenarios/create-scenarios.ts';
import { acceptedId, call, create, createWith, fileUrl, poll, videosPath, videoUrlOf } from './client.ts';

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox({ generationSeconds: 0 });
});
afterAll(() => sandbox.close());

const veo = { model: 'google/veo-3.1-t2v', prompt: 'a cat', duration: 4 };

async function loggedIds(clientRequestId: string): Promise<unknown[]> {
  const { json } = await call(`${sandbox.url}/v2/logs?period=1h`);
  const rows = json['data'] as { client_request_id: string | null; inference_id: string }[];
  return rows.filter((row) => row.client_request_id === clientRequestId).map((row) => row.inference_id);
}

/** One check for each word of the chapter; that none is missing is a test of its own. */
const checks: Record<string, () => Promise<void>> = {
  async accepted() {
    const headers = { 'x-client-request-id': 'video_accepted.1' };
    expect((await createWith(sandbox.url, 'server-error accepted', { headers })).status).toBe(500);
    expect(await loggedIds('video_accepted.1')).toHaveLength(1);
    await expect(createWith(sandbox.url, 'reset accepted', { headers })).rejects.toBeInstanceOf(TypeError);
    expect(await loggedIds('video_accepted.1')).toHaveLength(2);
  },
  async 'lost-answer'() {
    const headers = { 'x-client-request-id': 'video_lost.1' };
    expect((await createWith(sandbox.url, 'lost-answer', { headers })).status).toBe(524);
    const [id] = await loggedIds('video_lost.1');
    expect((await poll(sandbox.url, String(id))).json).toMatchObject({ id, status: 'completed' });
    expect(sandbox.control.creates().byClientRequestId['video_lost.1']).toEqual({ received: 1, accepted: 1 });
  },
  async 'answer-delay'() {
    const headers = { 'x-client-request-id': 'video_late.1' };
    const late = createWith(sandbox.url, 'answer-delay=60', { headers, timeoutMs: 800 });
    await expect(late).rejects.toMatchObject({ name: 'TimeoutError' });
    // Taken all the same: this is how money is spent on an answer nobody waited for.
    expect(await loggedIds('video_late.1')).toHaveLength(1);
  },
  async 'retry-after'() {
    expect((await createWith(sandbox.url, 'rate-limited retry-after=3')).headers.get('retry-after')).toBe('3');
  },
  async 'retry-after-date'() {
    const { headers } = await createWith(sandbox.url, 'unavailable retry-after-date');
    expect(headers.get('retry-after')).toMatch(/ GMT$/);
  },
  async envelope() {
    const { json } = await createWith(sandbox.url, 'rejected-key envelope=bare');
    expect(json).toEqual({ name: 'UnauthorizedException', message: expect.stringContaining('valid API key') });
  },
  async created() {
    expect((await createWith(sandbox.url, 'created')).status).toBe(201);
  },
  async 'create-completes'() {
    const { json } = await createWith(sandbox.url, 'create-completes');
    expect(json).toMatchObject({ id: expect.any(String), status: 'completed' });
    expect((await fetch(videoUrlOf(json))).status).toBe(200);
  },
  async 'id-as'() {
    const shapes: Record<string, RegExp> = {
      nanoid: /^[\w-]{21}$/,
      dash: /^-[\w-]{20}$/,
      uuid: /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/,
      'uuid-model': /^[0-9a-f-]{36}:google\/veo-3\.1-t2v$/,
      digits: /^\d{16}$/,
      'digits-model': /^\d{16}:google\/veo-3\.1-t2v$/,
      cgt: /^cgt-\d{14}-[a-z0-9]{5}$/,
      long: /^[\w-]{128}$/,
    };
    for (const [shape, pattern] of Object.entries(shapes)) {
      const id = await acceptedId(sandbox.url, `id-as=${shape}`);
      expect(id).toMatch(pattern);
      const polled = await poll(sandbox.url, id);
      expect(polled).toMatchObject({ status: 200, json: { id } });
      expect(polled.headers.get('x-inference-id')).toBe(id);
    }
  },
  async 'generation-id-field'() {
    const { json } = await createWith(sandbox.url, 'generation-id-field');
    expect(json).toMatchObject({ generation_id: expect.any(String) });
    expect(json).not.toHaveProperty('id');
  },
  async 'no-id'() {
    const { json } = await createWith(sandbox.url, 'no-id');
    expect(Object.keys(json)).toEqual(['status', 'meta']);
  },
  async 'usage-as'() {
    const usage = async (shape: string) => (await createWith(sandbox.url, `usage-as=${shape}`)).json['meta'];
    expect(await usage('credits')).toEqual({ usage: { credits_used: 1_920_000, usd_spent: 0.96 } });
    expect(await usage('credits-only')).toEqual({ usage: { credits_used: 1_920_000 } });
    expect(await usage('tokens')).toEqual({ usage: { tokens_used: 1_920_000 } });
    expect(await usage('none')).toBeUndefined();
  },
  async 'logs-delay'() {
    const headers = { 'x-client-request-id': 'video_unlogged.1' };
    expect((await createWith(sandbox.url, 'logs-delay=60', { headers })).status).toBe(200);
    expect(await loggedIds('video_unlogged.1')).toEqual([]);
  },
};

test.each(createScenarios.map(({ word }) => word))('"%s" does what the table says', async (word) => {
  expect(checks).toHaveProperty(word);
  await checks[word]?.();
});

test('a create request is answered with an id, "queued" and its price, and can be followed by its headers', async () => {
  const answer = await create(sandbox.url, veo, { headers: { 'x-client-request-id': 'video_1:a_b.1' } });
  expect(answer).toMatchObject({ status: 200, json: { status: 'queued', meta: { usage: { usd_spent: 0.96 } } } });
  expect(answer.headers.get('x-inference-id')).toBe(answer.json['id']);
  expect(answer.headers.get('x-client-request-id')).toBe('video_1:a_b.1');
  expect(answer.headers.get('x-request-id')).toMatch(/^[\w-]{21}$/);
});

test('a client request id with other characters is silently ignored, and the call still runs', async () => {
  const { status, headers } = await create(sandbox.url, veo, { headers: { 'x-client-request-id': 'no spaces' } });
  expect(status).toBe(200);
  expect(headers.has('x-client-request-id')).toBe(false);
});

test.each(['/v1/video/generations', '/video/generations', '/v2/generate/video/google/generation'])(
  'creates are taken at %s too',
  async (path) => {
    const answer = await call(sandbox.url + path, { method: 'POST', body: JSON.stringify(veo) });
    expect(answer.status).toBe(200);
  },
);

describe('the key decides before the body', () => {
  const otherKey = { key: 'not-the-key' };
  test.each([
    ['a valid body', JSON.stringify(veo)],
    ['a body without a model', '{"prompt":"a cat"}'],
    ['a model that does not exist', '{"model":"gpt-4o"}'],
    ['a body that is not JSON', '{"model":'],
  ])('%s with another key is answered 401', async (_name, body) => {
    const answer = await call(sandbox.url + videosPath, { method: 'POST', body, ...otherKey });
    expect(answer).toMatchObject({ status: 401, json: { statusCode: 401, path: videosPath } });
    expect(answer.json['requestId']).toBe(answer.headers.get('x-request-id'));
  });
});

test.each([
  ['without a model', {}],
  ['with a prompt that is no text', { model: veo.model, prompt: 7 }],
  ['with a duration in words', { model: veo.model, duration: 'eight' }],
])('a body %s is refused with its issues', async (_name, body) => {
  const answer = await create(sandbox.url, body);
  expect(answer).toMatchObject({ status: 400, json: { error: { data: [{ path: expect.any(Array) }] } } });
});

test('a body that is not JSON is refused', async () => {
  const answer = await call(sandbox.url + videosPath, { method: 'POST', body: '{"model":' });
  expect(answer.status).toBe(400);
});

test('any vendor/model is taken and anything else is no video model', async () => {
  expect((await create(sandbox.url, { model: 'newvendor/brand-new.1' })).status).toBe(200);
  expect((await create(sandbox.url, { model: 'veo2', duration: '5' })).status).toBe(200);
  expect((await create(sandbox.url, { model: 'gpt-4o' })).status).toBe(404);
});

test.each([
  ['minimax/hailuo-2.3', /"generation_id":"\d{16}:minimax\/hailuo-2\.3"/],
  ['klingai/avatar-standard', /"id":"[0-9a-f-]{36}:klingai\/avatar-standard".*"tokens_used"/],
  ['runway/gen4_turbo', /"id":"[0-9a-f-]{36}"/],
])('%s answers a create request the way its family was recorded', async (model, pattern) => {
  expect((await create(sandbox.url, { model })).text).toMatch(pattern);
});

test('a link leads to the host the poll was sent to, so that a sandbox behind another name works', async () => {
  const { port } = new URL(sandbox.url);
  expect(await fileUrl(`http://localhost:${port}`, 'slow=0')).toMatch(`http://localhost:${port}/files/`);
});
