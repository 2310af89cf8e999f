import { type Sandbox, startSandbox } from '@video-proxy/sandbox';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { phaseOf } from '../src/generations/generation.ts';
import { generationScenarios } from '../src/scenarios/generation-scenarios.ts';
import { acceptedId, call, create, poll, videosPath } from './client.ts';

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox({ generationSeconds: 0 });
});
afterAll(() => sandbox.close());

async function polled(words: string): Promise<Record<string, unknown>> {
  return (await poll(sandbox.url, await acceptedId(sandbox.url, words))).json;
}

const url = expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/files\/generations\/\d+-[0-9a-f-]{36}\.mp4$/);

/** One check for each word of the chapter; that none is missing is a test of its own. */
const checks: Record<string, () => Promise<void>> = {
  async slow() {
    expect(await polled('slow=3600')).toEqual({ id: expect.any(String), status: 'queued' });
  },
  async never() {
    expect(await polled('never')).toMatchObject({ status: 'generating' });
  },
  async fails() {
    const error = async (shape: string) => (await polled(`fails=${shape}`))['error'];
    expect(await polled('fails')).toMatchObject({ status: 'error', error: { name: 'Error' } });
    expect(await error('detail')).toMatchObject({ detail: [{ loc: ['body', 'image_url'], msg: expect.any(String) }] });
    expect(await error('string')).toBe('The generation failed');
    expect(await error('null')).toBeNull();
    expect(await error('policy')).toMatchObject({ message: expect.stringContaining('content moderation') });
    expect(await error('policy-detail')).toMatchObject({ detail: [{ type: 'content_policy_violation' }] });
  },
  async moderation() {
    const detail = [expect.objectContaining({ type: 'content_policy_violation' })];
    expect(await polled('moderation')).toMatchObject({ status: 'error', error: { detail } });
  },
  async 'pending-as'() {
    for (const status of ['waiting', 'active', 'processing', 'unknown', 'NEVER_SEEN']) {
      expect(await polled(`never pending-as=${status}`)).toEqual({ id: expect.any(String), status });
    }
  },
  async 'completed-as'() {
    expect(await polled('completed-as')).toMatchObject({ status: 'succeeded', video: { url } });
    expect(await polled('completed-as=Done')).toMatchObject({ status: 'Done' });
  },
  async 'failed-as'() {
    expect(await polled('failed-as=expired')).toMatchObject({ status: 'expired', error: {} });
    expect(await polled('failed-as=unknown fails=null')).toMatchObject({ status: 'unknown', error: null });
  },
  async 'video-as'() {
    const video = async (shape: string) => (await polled(`video-as=${shape}`))['video'];
    expect(await video('object')).toEqual({ url });
    expect(await video('extra')).toMatchObject({ url, content_type: 'video/mp4', file_name: 'output.mp4' });
    expect(await polled('video-as=duration')).toMatchObject({ duration: 4, video: { url, duration: 4 } });
    expect(await video('strings')).toEqual([url]);
    expect(await video('objects')).toEqual([{ url }]);
    expect(await video('null')).toBeNull();
    expect(await video('no-url')).toEqual({ content_type: 'video/mp4' });
    expect(await polled('video-as=absent')).not.toHaveProperty('video');
  },
  async 'video-late'() {
    const id = await acceptedId(sandbox.url, 'video-late=2');
    const videos = [];
    for (let times = 0; times < 3; times += 1) videos.push((await poll(sandbox.url, id)).json['video']);
    expect(videos).toEqual([null, null, { url }]);
  },
  async 'poll-delay'() {
    const id = await acceptedId(sandbox.url, 'poll-delay=60');
    await expect(poll(sandbox.url, id, { timeoutMs: 200 })).rejects.toMatchObject({ name: 'TimeoutError' });
  },
};

test.each(generationScenarios.map(({ word }) => word))('"%s" does what the table says', async (word) => {
  expect(checks).toHaveProperty(word);
  await checks[word]?.();
});

test('a generation is queued for a quarter of its time, then generating, then at its end, by the clock alone', async () => {
  const id = await acceptedId(sandbox.url, 'slow=100');
  const tracked = sandbox.control.generations().find((each) => each.id === id);
  const createdAtMs = tracked?.createdAtMs ?? 0;
  const at = (seconds: number, outcome: 'completes' | 'fails' | 'never' = 'completes') =>
    phaseOf({ createdAtMs, takesMs: 100_000 }, { outcome }, createdAtMs + seconds * 1000);
  expect([at(0), at(24), at(25), at(99), at(100)]).toEqual([
    'queued',
    'queued',
    'generating',
    'generating',
    'completed',
  ]);
  expect([at(100, 'fails'), at(1e6, 'never')]).toEqual(['failed', 'generating']);
  expect(tracked?.phase).toBe('queued');
});

test('a short generation is completed after its time without anybody asking', async () => {
  const id = await acceptedId(sandbox.url, 'slow=0.2');
  await vi.waitFor(async () => expect((await poll(sandbox.url, id)).json['status']).toBe('completed'), {
    interval: 50,
    timeout: 5_000,
  });
  expect((await poll(sandbox.url, id)).json).toEqual({ id, status: 'completed', video: { url } });
});

test('an unknown id is not found, and an empty or repeated one is "unknown" as recorded', async () => {
  expect(await poll(sandbox.url, 'nobody-knows-this')).toMatchObject({
    status: 404,
    json: { statusCode: 404, message: 'Inference not found' },
  });
  for (const query of ['', '?generation_id=', '?generation_id=a&generation_id=b']) {
    const { status, json, headers } = await call(sandbox.url + videosPath + query);
    expect([status, json['id'], json['status']]).toEqual([200, '', 'unknown']);
    expect(headers.has('x-inference-id')).toBe(false);
  }
});

test('pixverse says "succeeded" and runway gives a list of strings, as recorded', async () => {
  const end = async (model: string) => {
    const created = await create(sandbox.url, { model, prompt: 'a cat' });
    return (await poll(sandbox.url, String(created.json['id']))).json;
  };
  expect(await end('pixverse/v5/text-to-video')).toMatchObject({ status: 'succeeded', video: { url } });
  expect(await end('runway/gen4_turbo')).toMatchObject({ status: 'completed', video: [url] });
});

test('the time of a generation can depend on its request', async () => {
  await using other = await startSandbox({
    generationSeconds: ({ model, durationSeconds }) => (model === 'luma/ray-2' && durationSeconds === 9 ? 3600 : 0),
  });
  const status = async (duration: number) => {
    const created = await create(other.url, { model: 'luma/ray-2', prompt: 'a cat', duration });
    return (await poll(other.url, String(created.json['id']))).json['status'];
  };
  expect([await status(9), await status(5)]).toEqual(['queued', 'completed']);
});
