import { openaiVideoList } from '@video-proxy/contracts';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { accepted, generated, lost, notFound, rejected, started, stored } from './events.ts';
import { error, prompt, video } from './openai-wire.ts';
import { newJob, type RunningApi, startApi } from './running-api.ts';

let api: RunningApi;
beforeEach(async () => {
  api = await startApi();
});
afterEach(async () => {
  await api[Symbol.asyncDispose]();
});

const create = (body: unknown, headers: Record<string, string> = {}) =>
  api.call('POST', '/v1/videos', { body, headers });
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
    expect(why).toEqual({ code, message: expect.stringContaining(`${video_proxy.error?.message} (request id req_`) });
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
