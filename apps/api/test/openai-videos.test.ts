import { openaiVideoList } from '@video-proxy/contracts';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
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

describe('a video on its way', () => {
  test('has one of four statuses, a progress that never falls, and 100 only with its file', async () => {
    const { id } = await video(await create({ prompt, model: newJob.model, seconds: 8 }));
    const seen = [await read(id)];
    for (const event of [started, accepted, generated, stored('a.mp4')]) {
      await api.happen(id, event);
      seen.push(await read(id));
    }
    expect(seen.map(({ status }) => status)).toEqual([
      'queued',
      'in_progress',
      'in_progress',
      'in_progress',
      'completed',
    ]);
    expect(seen.map(({ progress }) => progress)).toEqual(seen.map(({ progress }) => progress).sort((a, b) => a - b));
    expect(seen.filter(({ progress }) => progress === 100)).toHaveLength(1);
    const done = seen.at(-1);
    expect(done).toMatchObject({ progress: 100, size: '1280x720', seconds: '8', error: null });
    // Our copy is kept for 30 days.
    expect((done?.expires_at ?? 0) - (done?.completed_at ?? 0)).toBe(30 * 86_400);
  });

  test('keeps its progress when others teach that such videos take much longer', async () => {
    const { id } = await video(await create({ prompt, model: newJob.model, seconds: 6 }));
    const nowMs = Date.now();
    await api.ledger.jobs.apply(id, started, nowMs - 60_000);
    await api.happen(id, accepted);
    const before = (await read(id)).progress;
    expect(before).toBeGreaterThan(0);
    const kind = { provider: 'aimlapi', model: newJob.model, lengthSeconds: 6 } as const;
    for (let count = 0; count < 5; count += 1) await api.ledger.times.record(kind, 3_600_000);
    expect((await read(id)).progress).toBeGreaterThanOrEqual(before);
  });

  test('hints when to ask again until it has ended', async () => {
    const { id } = await video(await create({ prompt }));
    const hints = async () => {
      const { headers } = await api.call('GET', `/v1/videos/${id}`);
      return [headers.get('openai-poll-after-ms'), headers.get('retry-after')];
    };
    expect(await hints()).toEqual(['5000', '5']);
    await api.happen(id, started, rejected);
    expect(await hints()).toEqual([null, null]);
  });

  test.each([
    ['rejected', [started, rejected], 'provider_auth_failed'],
    ['cancelled', [{ type: 'cancel_requested' } as const], 'cancelled'],
    ['timed out', [started, accepted, { type: 'deadline_passed' } as const], 'generation_timeout'],
    ['lost', [started, lost, notFound], 'submission_unknown'],
  ])('that is %s has failed, with a code and a message and nothing else in the error', async (_how, events, code) => {
    const { id } = await video(await create({ prompt }));
    await api.happen(id, ...events);
    const { status, error: why, video_proxy } = await read(id);
    expect(status).toBe('failed');
    expect(why).toEqual({ code, message: video_proxy.error?.message });
    expect(video_proxy.error?.billed).toBeDefined();
  });

  test('made on another wire is here, too, with what its parameters and its model say', async () => {
    const id = await api.create({ parameters: { resolution: '1080p', aspect_ratio: '9:16' } });
    expect(await read(id)).toMatchObject({ id, size: '1080x1920', seconds: '8' });
  });
});

describe('a list', () => {
  test('has only what is the caller’s, page by page in both directions, and does not shift', async () => {
    const user = { 'x-librechat-user-id': 'lister' };
    const made: string[] = [];
    for (let count = 0; count < 5; count += 1) made.push((await video(await create({ prompt }, user))).id);
    const page = async (query: string) =>
      openaiVideoList.parse(await (await api.call('GET', `/v1/videos?${query}`, { headers: user })).json());
    const [newest = '', fourth = '', third = ''] = made.toReversed();
    const first = await page('limit=2');
    expect(first).toMatchObject({ object: 'list', first_id: newest, last_id: fourth, has_more: true });
    made.push((await video(await create({ prompt }, user))).id);
    const second = await page(`limit=2&after=${fourth}`);
    expect(second).toMatchObject({ first_id: third, has_more: true });
    const all = await page('order=asc&limit=100');
    expect(all.data.map(({ id }) => id)).toEqual(made);
    expect(all).toMatchObject({ first_id: made[0], last_id: made.at(-1), has_more: false });
    expect((await page(`order=asc&limit=2&after=${made[1]}`)).data.map(({ id }) => id)).toEqual(made.slice(2, 4));
    expect(await page('limit=0')).toEqual({ object: 'list', data: [], first_id: null, last_id: null, has_more: true });
  });

  test.each(['limit=101', 'order=random', 'after=nonsense'])('with %s is refused', async (query) => {
    expect((await error(await api.call('GET', `/v1/videos?${query}`))).status).toBe(400);
  });
});

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
