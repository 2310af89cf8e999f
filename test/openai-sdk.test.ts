import { createReadStream } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openaiVideo } from '@video-proxy/contracts';
import OpenAI, { toFile } from 'openai';
import type { Video } from 'openai/resources/videos';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Api, type Installation, startInstallation } from './installation.ts';

const png = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);
const prompt = 'a kite';

interface Counted {
  readonly client: OpenAI;
  /** What was really sent. */
  readonly sent: { readonly isForm: boolean; readonly headers: Headers }[];
}

const notSupported = { code: 'not_supported' };
const sheet = (client: OpenAI, { id }: Video) => client.videos.downloadContent(id, { variant: 'spritesheet' });

async function failureOf(call: () => Promise<unknown>): Promise<InstanceType<typeof OpenAI.APIError> | null> {
  try {
    await call();
    return null;
  } catch (error) {
    if (error instanceof OpenAI.APIError) return error;
    throw error;
  }
}

describe('the SDK of OpenAI with nothing changed but its base URL and key', { timeout: 60_000 }, () => {
  let installation: Installation;
  let api: Api;
  let directory: string;

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'openai-sdk-'));
    installation = await startInstallation({ CLIENT_KEYS: 'ann=key-of-ann,bob=key-of-bob' });
    [api] = await Promise.all([installation.startApi(), installation.startWorker()]);
  });

  afterAll(async () => {
    await installation[Symbol.asyncDispose]();
    await rm(directory, { recursive: true, force: true });
  });

  function counted(options: ConstructorParameters<typeof OpenAI>[0] = {}, at = api): Counted {
    const sent: Counted['sent'] = [];
    const client = new OpenAI({
      baseURL: `${at.url}/v1`,
      apiKey: 'key-of-ann',
      fetch: (url, init) => {
        // Before its first form the SDK tries out `fetch` on an empty data: address.
        if (String(url).startsWith(at.url)) {
          sent.push({ isForm: init?.body instanceof FormData, headers: new Headers(init?.headers) });
        }
        return fetch(url, init);
      },
      ...options,
    });
    return { client, sent };
  }

  async function ended(client: OpenAI, { id }: Video): Promise<Video> {
    for (;;) {
      // Waits for the end on our own wire, which the SDK does not know.
      await fetch(`${api.url}/v1/jobs/${id}?wait_seconds=20`, { headers: { authorization: 'Bearer key-of-ann' } });
      const video = await client.videos.retrieve(id);
      if (video.status === 'completed' || video.status === 'failed') return video;
    }
  }

  test('asks for a video, follows it, and gets a file that plays', async () => {
    const { client, sent } = counted();
    const { data: asked, response } = await client.videos
      .create({ model: 'sora-2', prompt, seconds: '8', size: '1280x720' })
      .withResponse();
    expect(sent[0]?.isForm).toBe(true);
    expect([response.status, response.headers.get('openai-poll-after-ms')]).toEqual([200, '5000']);
    expect(asked).toMatchObject({ status: 'queued', seconds: '8', size: '1280x720', error: null });
    const done = await ended(client, asked);
    expect(done).toMatchObject({ id: asked.id, status: 'completed', progress: 100, seconds: '8' });
    const content = await client.videos.downloadContent(done.id);
    expect(content.headers.get('content-type')).toBe('video/mp4');
    const file = Buffer.from(await content.arrayBuffer());
    expect(file.toString('latin1', 4, 8)).toBe('ftyp');
    const still = await client.videos.downloadContent(done.id, { variant: 'thumbnail' });
    expect(still.headers.get('content-type')).toBe('image/jpeg');
    const played = await fetch(openaiVideo.parse(done).video_proxy.url ?? '');
    expect(Buffer.from(await played.arrayBuffer()).equals(file)).toBe(true);
  });

  test('sends a picture as a file, as a stream without a length, and as a link', async () => {
    const path = join(directory, 'a.png');
    await writeFile(path, png);
    const { client } = counted();
    const references = [await toFile(png, 'a.png'), createReadStream(path), { image_url: 'https://example.com/a.png' }];
    for (const input_reference of references) {
      const video = await client.videos.create({ input_reference, prompt, model: 'sora-2' });
      expect(video.model).toBe('openai/sora-2-i2v');
    }
  });

  test('lists page by page until there is nothing left, and only its own', async () => {
    const { client } = counted({ defaultHeaders: { 'X-LibreChat-User-Id': 'lister' } });
    const made: string[] = [];
    for (let count = 0; count < 5; count += 1) made.push((await client.videos.create({ prompt })).id);
    const seen: string[] = [];
    for await (const video of client.videos.list({ limit: 2 })) seen.push(video.id);
    expect(seen).toEqual(made.toReversed());
    const upwards: string[] = [];
    for await (const video of client.videos.list({ limit: 2, order: 'asc' })) upwards.push(video.id);
    expect(upwards).toEqual(made);
    const { client: bob } = counted({ apiKey: 'key-of-bob' });
    expect((await bob.videos.list()).data).toEqual([]);
  });

  test('remixes, and deletes what has ended', async () => {
    const { client } = counted();
    const source = await ended(client, await client.videos.create({ model: 'sora-2', prompt }));
    const remix = await client.videos.remix(source.id, { prompt: 'at night' });
    expect(remix).toMatchObject({ remixed_from_video_id: source.id, prompt: 'at night', model: source.model });
    await ended(client, remix);
    expect(await client.videos.delete(source.id)).toEqual({ id: source.id, object: 'video.deleted', deleted: true });
    await expect(client.videos.retrieve(source.id)).rejects.toBeInstanceOf(OpenAI.NotFoundError);
    expect((await client.videos.retrieve(remix.id)).remixed_from_video_id).toBe(source.id);
  });

  test('makes one video of two creates with one idempotency key', async () => {
    const { client } = counted();
    const headers = { 'Idempotency-Key': 'the-same' };
    const twice = await Promise.all([1, 2].map(async () => client.videos.create({ prompt }, { headers })));
    expect(twice[0]?.id).toBe(twice[1]?.id);
  });

  test('reports a failure of the provider as a failed video with its code', async () => {
    const { client } = counted();
    const failed = await ended(client, await client.videos.create({ prompt: 'a kite [sandbox:fails=object]' }));
    expect(failed).toMatchObject({ status: 'failed', error: { code: expect.any(String) } });
    expect(Object.keys(failed.error ?? {})).toEqual(['code', 'message']);
    await expect(client.videos.downloadContent(failed.id)).rejects.toMatchObject({ status: 404 });
  });

  test('gets its own classes of errors, and repeats none of them', async () => {
    const { client, sent } = counted();
    const { client: stranger } = counted({ apiKey: 'key-of-nobody' });
    const running = await client.videos.create({ prompt: 'a kite [sandbox:slow=20]' });
    const video = await toFile(png, 'a.mp4');
    const input_reference = await toFile(Buffer.concat([png, Buffer.alloc(40_000_000)]), 'a.png');
    const before = sent.length;
    const cases: readonly [() => Promise<unknown>, unknown, object][] = [
      [() => client.videos.create({ prompt, seconds: '5' as '4' }), OpenAI.BadRequestError, { param: 'seconds' }],
      [() => client.videos.create({ prompt, model: 'sora-9' }), OpenAI.NotFoundError, { code: 'model_not_found' }],
      [() => client.videos.create({ prompt, input_reference }), OpenAI.APIError, { code: 'request_too_large' }],
      [() => client.videos.retrieve('video_unknown'), OpenAI.NotFoundError, { code: 'not_found' }],
      [() => client.videos.downloadContent(running.id), OpenAI.NotFoundError, { code: 'video_not_ready' }],
      [() => sheet(client, running), OpenAI.BadRequestError, { param: 'variant' }],
      [() => client.videos.delete(running.id), OpenAI.ConflictError, { code: 'still_running' }],
      [() => client.videos.edit({ prompt, video: { id: running.id } }), OpenAI.BadRequestError, notSupported],
      [() => client.videos.extend({ prompt, seconds: '4', video }), OpenAI.BadRequestError, notSupported],
      [() => client.videos.createCharacter({ name: 'Ann', video }), OpenAI.BadRequestError, notSupported],
      [() => client.videos.getCharacter('char_1'), OpenAI.BadRequestError, notSupported],
      [() => stranger.videos.list(), OpenAI.AuthenticationError, { code: 'invalid_api_key' }],
    ];
    for (const [call, kind, shape] of cases) {
      const error = await failureOf(call);
      expect(error).toBeInstanceOf(kind);
      expect(error).toMatchObject({ ...shape, requestID: expect.any(String) });
    }
    // One request for each call of this client; the last is the stranger's.
    expect(sent.length - before).toBe(cases.length - 1);
  });

  test('repeats a create with a key while the job store is away, and never one without', async () => {
    await using shaken = await startInstallation();
    const { client, sent } = counted({ maxRetries: 10 }, await shaken.startApi());
    await client.videos.create({ prompt });
    const back = shaken.crashRedis(4_000);
    const unkeyed = await failureOf(() => client.videos.create({ prompt }));
    expect(unkeyed).toBeInstanceOf(OpenAI.InternalServerError);
    expect(unkeyed).toMatchObject({ status: 503, code: 'create_interrupted' });
    expect(sent).toHaveLength(2);
    const headers = { 'Idempotency-Key': 'one' };
    const video = await client.videos.create({ prompt }, { headers });
    await back;
    const tries = sent.slice(2).map((request) => request.headers.get('x-stainless-retry-count'));
    expect(tries).toEqual(tries.map((_count, index) => String(index)));
    expect(tries.length).toBeGreaterThan(1);
    expect((await client.videos.create({ prompt }, { headers })).id).toBe(video.id);
  });

  test('is told how long to wait when too many videos wait', async () => {
    await using full = await startInstallation({ QUEUE_DEPTH_MAX: '1' });
    const { client } = counted({ maxRetries: 0 }, await full.startApi());
    await client.videos.create({ prompt });
    const refusal = async () => failureOf(() => client.videos.create({ prompt }));
    // What waits is counted every second.
    await expect.poll(refusal).toMatchObject({ status: 503, code: 'queue_full' });
    expect(Number((await refusal())?.headers?.get('retry-after'))).toBeGreaterThan(0);
  });
});
