import { describe, expect, test } from 'vitest';
import { otherKey, type RunningApi, startApi } from './running-api.ts';

const png = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);
const model = 'google/veo-3.1-i2v';
const animate = 'alibaba/wan2.2-14b-animate-move';

const mp4 = Buffer.concat([Buffer.from([0, 0, 0, 24]), Buffer.from('ftypisom\0\0\0\0isommp42'), Buffer.alloc(64)]);

async function upload(api: RunningApi, content: Uint8Array, { name = 'kite.png', field = 'file', key = '' } = {}) {
  const form = new FormData();
  form.set('purpose', 'user_data');
  form.set(field, new Blob([content]), name);
  const response = await fetch(`${api.url}/v1/files`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key || 'key-of-alice'}` },
    body: form,
  });
  return {
    status: response.status,
    body: (await response.json()) as { id: string; error?: { param: string; message: string } },
  };
}

async function create(api: RunningApi, parameters: object, body: object = {}) {
  const response = await api.call('POST', '/v1/jobs', { body: { model, prompt: 'a kite', parameters, ...body } });
  const json = (await response.json()) as {
    id: string;
    parameters: object;
    error?: { param: string; message: string };
  };
  return { ...json, status: response.status };
}

describe('an upload', () => {
  test('is kept for its owner, listed, read, used and deleted', async () => {
    await using api = await startApi();
    const { status, body } = await upload(api, png);
    expect([status, body]).toEqual([
      200,
      expect.objectContaining({ object: 'file', bytes: png.length, filename: 'kite.png', content_type: 'image/png' }),
    ]);
    const content = await api.call('GET', `/v1/files/${body.id}/content`);
    expect(Buffer.from(await content.arrayBuffer()).equals(png)).toBe(true);
    expect(content.headers.get('content-type')).toBe('image/png');
    const second = await upload(api, png);
    const page = await (await api.call('GET', '/v1/files?limit=1')).json();
    expect(page).toMatchObject({ data: [{ id: second.body.id }], has_more: true, last_id: second.body.id });
    const rest = await (await api.call('GET', `/v1/files?after=${second.body.id}`)).json();
    expect(rest).toMatchObject({ data: [{ id: body.id }], has_more: false });

    expect(await create(api, { image_url: body.id })).toMatchObject({
      status: 202,
      parameters: { image_url: body.id },
    });

    for (const path of ['', '/content']) {
      expect((await api.call('GET', `/v1/files/${body.id}${path}`, { key: otherKey })).status).toBe(404);
    }
    expect((await api.call('DELETE', `/v1/files/${body.id}`, { key: otherKey })).status).toBe(404);
    expect(await (await api.call('DELETE', `/v1/files/${body.id}`)).json()).toEqual({
      id: body.id,
      object: 'file',
      deleted: true,
    });
    expect((await api.call('GET', `/v1/files/${body.id}`)).status).toBe(404);
    expect(await create(api, { image_url: body.id })).toMatchObject({ status: 400, error: { param: 'image_url' } });
  });

  test('of somebody else cannot be used', async () => {
    await using api = await startApi();
    const theirs = await upload(api, png, { key: otherKey });
    const refused = await create(api, { image_url: theirs.body.id });
    expect(refused).toMatchObject({ status: 400, error: { param: 'image_url' } });
  });

  test.each<[string, Uint8Array, object]>([
    ['an HTML page under the name of a picture', Buffer.from('<!doctype html><script>'), {}],
    ['an SVG', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'), { name: 'a.svg' }],
    ['an empty file', new Uint8Array(), {}],
    ['another field', png, { field: 'image' }],
  ])('is refused, with the field, for %s', async (_what, content, options) => {
    await using api = await startApi();
    const { status, body } = await upload(api, content, options);
    expect(status).toBe(400);
    expect(body.error?.param).toMatch(/file|image/);
    expect((await (await api.call('GET', '/v1/files')).json()) as object).toMatchObject({ data: [] });
  });

  test('may be larger than a request body, up to the limit of its kind', async () => {
    await using api = await startApi();
    expect((await upload(api, Buffer.concat([mp4, Buffer.alloc(30_000_000)]), { name: 'a.mp4' })).status).toBe(200);
    const tooLarge = await upload(api, Buffer.concat([png, Buffer.alloc(22_000_000)]));
    expect([tooLarge.status, tooLarge.body.error?.message]).toEqual([400, expect.stringContaining('more than 20 MB')]);
  });

  test('that is no multipart is told how to be sent', async () => {
    await using api = await startApi();
    expect((await api.call('POST', '/v1/files', { body: {} })).status).toBe(415);
  });
});

describe('a film or a sound', () => {
  test('is handed over as a public link of ours, which anybody can read', async () => {
    await using api = await startApi({ settings: { publicBaseUrl: 'https://videos.example.com' } });
    const { body } = await upload(api, mp4, { name: 'a.mp4' });
    const picture = 'https://example.com/a.png';
    const { id } = await create(api, { video_url: body.id, image_url: picture }, { model: animate });
    const kept = await api.ledger.jobs.get(id);
    const link = String(kept?.parameters['video_url']);
    expect(link).toMatch(/^https:\/\/videos\.example\.com\/f\//);
    const response = await api.call('GET', new URL(link).pathname, { key: null });
    expect([response.status, response.headers.get('content-type')]).toEqual([200, 'video/mp4']);
    expect((await api.call('GET', `${new URL(link).pathname}x`, { key: null })).status).toBe(404);
  });

  test('needs an address at which this service is reached', async () => {
    await using api = await startApi();
    const { body } = await upload(api, mp4, { name: 'a.mp4' });
    const refused = await create(
      api,
      { video_url: body.id, image_url: 'https://example.com/a.png' },
      { model: animate },
    );
    expect(refused).toMatchObject({
      status: 400,
      error: { param: 'video_url', message: expect.stringContaining('PUBLIC_BASE_URL') },
    });
  });
});

describe('an embedded file', () => {
  const embedded = (content: Uint8Array, type = 'image/png') =>
    `data:${type};base64,${Buffer.from(content).toString('base64')}`;
  const large = Buffer.concat([png, Buffer.alloc(50_000)]);

  test('that is large is kept beside the job, once for a repeated request', async () => {
    await using api = await startApi();
    const headers = { 'idempotency-key': 'one' };
    const ask = async () => {
      const body = { model, prompt: 'a kite', parameters: { image_url: embedded(large) } };
      return (await (await api.call('POST', '/v1/jobs', { body, headers })).json()) as { id: string };
    };
    const first = await ask();
    expect((await ask()).id).toBe(first.id);
    const kept = await api.ledger.jobs.get(first.id);
    expect(kept?.parameters['image_url']).toMatch(/^file_/);
    expect(await api.ledger.inputs.usageOf('alice')).toEqual({ count: 1, sizeBytes: large.length });
  });

  test('that is small stays in the job', async () => {
    await using api = await startApi();
    const { id } = await create(api, { image_url: embedded(png) });
    expect((await api.ledger.jobs.get(id))?.parameters['image_url']).toBe(embedded(png));
  });

  test.each([
    ['of another kind than it says', embedded(mp4), /says that it is image\/png, and is video\/mp4/],
    ['that is text', embedded(Buffer.from('hello')), /has to be PNG/],
    ['that is empty', 'data:image/png;base64,', /empty/],
    ['without base64', 'data:image/png,abc', /has to be base64/],
    ['with broken base64', 'data:image/png;base64,???', /not valid base64/],
  ])('%s is refused by its field', async (_what, image_url, words) => {
    await using api = await startApi();
    const refused = await create(api, { image_url });
    expect([refused.status, refused.error?.param]).toEqual([400, 'image_url']);
    expect(refused.error?.message).toMatch(words);
  });
});

test.each([
  ['http://example.com/a.png', /https/],
  ['https://127.0.0.1/a.png', /private network/],
  ['https://user:secret@example.com/a.png', /user name/],
  ['https://example.com:8443/a.png', /port/],
])('the link %s is refused before anything is sent', async (image_url, words) => {
  await using api = await startApi();
  const refused = await create(api, { image_url });
  expect([refused.status, refused.error?.param]).toEqual([400, 'image_url']);
  expect(refused.error?.message).toMatch(words);
  expect(refused.error?.message).not.toContain('secret');
});
