import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { fileContent, rejected, started, wayToCompletion } from './events.ts';
import { error, prompt, sendForm, video } from './openai-wire.ts';
import { newJob, otherKey, type RunningApi, startApi } from './running-api.ts';

let api: RunningApi;
beforeEach(async () => {
  api = await startApi();
});
afterEach(async () => {
  await api[Symbol.asyncDispose]();
});

const create = (body: unknown, headers: Record<string, string> = {}) =>
  api.call('POST', '/v1/videos', { body, headers });
const jobOf = (id: string) => api.ledger.jobs.get(id);
const read = async (id: string) => video(await api.call('GET', `/v1/videos/${id}`));

describe('the content', () => {
  async function completed(): Promise<string> {
    const { id } = await video(await create({ prompt }));
    await api.saveFile(`${id}.mp4`, fileContent);
    await api.happen(id, ...wayToCompletion(`${id}.mp4`));
    return id;
  }

  test('is the file, whole and in part, with its version and a name to save it by', async () => {
    const id = await completed();
    const path = `/v1/videos/${id}/content`;
    const whole = await api.call('GET', path, { headers: { accept: 'application/binary' } });
    expect(await whole.text()).toBe(fileContent);
    expect(whole.headers.get('content-type')).toBe('video/mp4');
    expect(whole.headers.get('content-disposition')).toBe('attachment; filename="a red balloon over the sea.mp4"');
    const etag = whole.headers.get('etag') ?? '';
    const part = await api.call('GET', path, { headers: { range: 'bytes=0-2' } });
    expect([part.status, await part.text()]).toEqual([206, fileContent.slice(0, 3)]);
    expect((await api.call('GET', path, { headers: { range: 'bytes=999-' } })).status).toBe(416);
    expect((await api.call('GET', path, { headers: { 'if-none-match': etag } })).status).toBe(304);
    const head = await api.call('HEAD', path);
    expect(head.headers.get('content-length')).toBe(String(fileContent.length));
  });

  test('has a thumbnail, and says clearly that there is no sprite sheet', async () => {
    const path = `/v1/videos/${await completed()}/content`;
    const thumbnail = await api.call('GET', `${path}?variant=thumbnail`);
    expect([thumbnail.status, thumbnail.headers.get('content-type')]).toEqual([200, 'image/jpeg']);
    expect(await error(await api.call('GET', `${path}?variant=spritesheet`))).toMatchObject({
      status: 400,
      code: 'not_supported',
      param: 'variant',
    });
    expect((await error(await api.call('GET', `${path}?variant=gif`))).param).toBe('variant');
  });

  test('is 404 while it is not there, because a 409 would be repeated by the SDK', async () => {
    const { id } = await video(await create({ prompt }));
    for (const variant of ['video', 'thumbnail']) {
      const response = await api.call('GET', `/v1/videos/${id}/content?variant=${variant}`);
      expect(await error(response)).toMatchObject({ status: 404, code: 'video_not_ready' });
    }
  });
});

describe('a remix', () => {
  test('is a new video with the model and parameters of its source and a new prompt', async () => {
    const source = await video(await create({ prompt, model: newJob.model, seconds: 6, size: '1280x720' }));
    const remix = await video(
      await api.call('POST', `/v1/videos/${source.id}/remix`, { body: { prompt: 'at night' } }),
    );
    expect(remix).toMatchObject({
      remixed_from_video_id: source.id,
      prompt: 'at night',
      size: '1280x720',
      seconds: '6',
    });
    expect((await jobOf(remix.id))?.parameters).toEqual((await jobOf(source.id))?.parameters);
    expect(await read(remix.id)).toMatchObject({ remixed_from_video_id: source.id });
    expect((await sendForm(api, [['prompt', 'as a form']], { path: `/v1/videos/${source.id}/remix` })).status).toBe(
      200,
    );
  });

  test('without a prompt, or of nothing, is refused', async () => {
    const { id } = await video(await create({ prompt }));
    expect(await error(await api.call('POST', `/v1/videos/${id}/remix`, { body: {} }))).toMatchObject({
      status: 400,
      param: 'prompt',
    });
    const nobody = `/v1/videos/video_${'0'.repeat(26)}/remix`;
    expect((await error(await api.call('POST', nobody, { body: { prompt } }))).status).toBe(404);
  });
});

test('a video is deleted when it has ended, and before that the refusal is not repeated', async () => {
  const { id } = await video(await create({ prompt }));
  const running = await api.call('DELETE', `/v1/videos/${id}`);
  expect([running.status, running.headers.get('x-should-retry')]).toEqual([409, 'false']);
  await api.happen(id, started, rejected);
  const deleted = await api.call('DELETE', `/v1/videos/${id}`);
  expect(await deleted.json()).toEqual({ id, object: 'video.deleted', deleted: true });
  expect((await api.call('GET', `/v1/videos/${id}`)).status).toBe(404);
});

test.each([
  ['POST', '/v1/videos/edits'],
  ['POST', '/v1/videos/extensions'],
  ['POST', '/v1/videos/characters'],
  ['GET', '/v1/videos/characters/char_1'],
])('%s %s is refused clearly', async (method, path) => {
  expect(await error(await api.call(method, path))).toMatchObject({ status: 400, code: 'not_supported' });
});

const somebodys = (id: string): [string, string, object?][] => [
  ['GET', `/v1/videos/${id}`],
  ['DELETE', `/v1/videos/${id}`],
  ['GET', `/v1/videos/${id}/content`],
  ['GET', `/v1/videos/${id}/content?variant=spritesheet`],
  ['POST', `/v1/videos/${id}/remix`, { prompt }],
];

test('the video of somebody else is answered as if it did not exist', async () => {
  const { id } = await video(await create({ prompt }));
  const unknown = `video_${'0'.repeat(26)}`;
  const words = async (method: string, path: string, body: object | undefined) => {
    const response = await api.call(method, path, { key: otherKey, ...(body === undefined ? {} : { body }) });
    return error(response);
  };
  for (const [index, [method, path, body]] of somebodys(id).entries()) {
    const answer = await words(method, path, body);
    expect(answer).toMatchObject({ status: 404, code: 'not_found' });
    expect(await words(method, somebodys(unknown)[index]?.[1] ?? '', body)).toEqual(answer);
  }
});

test('no route is open without a key', async () => {
  const routes: [string, string, object?][] = [
    ...somebodys(`video_${'0'.repeat(26)}`),
    ['POST', '/v1/videos', { prompt }],
    ['GET', '/v1/videos'],
    ['POST', '/v1/videos/edits', {}],
    ['POST', '/v1/videos/extensions', {}],
    ['POST', '/v1/videos/characters', {}],
    ['GET', '/v1/videos/characters/char_1'],
  ];
  for (const [method, path, body] of routes) {
    const response = await api.call(method, path, { key: null, ...(body === undefined ? {} : { body }) });
    expect(await error(response), `${method} ${path}`).toMatchObject({ status: 401, code: 'missing_api_key' });
  }
});
