import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { error, png, prompt, sendForm, video } from './openai-wire.ts';
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
const noUpload = `file_${'0'.repeat(26)}`;
const pngUri = `data:image/png;base64,${png.toString('base64')}`;

describe('a create', () => {
  test('is answered 200 with every key, a text for the seconds, and times in seconds', async () => {
    const response = await create({ model: 'sora-2', prompt });
    expect(response.headers.get('openai-poll-after-ms')).toBe('5000');
    expect(response.headers.get('retry-after')).toBe('5');
    const made = await video(response);
    expect(made).toMatchObject({
      object: 'video',
      model: 'openai/sora-2-t2v',
      status: 'queued',
      progress: 0,
      prompt,
      size: '720x1280',
      seconds: '4',
      completed_at: null,
      expires_at: null,
      remixed_from_video_id: null,
      error: null,
    });
    expect(Math.abs(made.created_at - Date.now() / 1_000)).toBeLessThan(60);
    expect(await jobOf(made.id)).toMatchObject({
      model: 'openai/sora-2-t2v',
      parameters: { duration: 4, aspect_ratio: '9:16', resolution: '720p' },
      metadata: {},
    });
  });

  test('is the same as JSON with numbers, as JSON with texts, and as a form in any order of its parts', async () => {
    const fields = {
      model: 'google/veo-3.1-t2v',
      prompt,
      seconds: '8',
      size: '1280x720',
      seed: '5',
      generate_audio: 'false',
    };
    const answers = await Promise.all([
      create({ ...fields, seconds: 8, seed: 5, generate_audio: false }),
      create(fields),
      sendForm(api, Object.entries(fields)),
      sendForm(api, Object.entries(fields).reverse()),
    ]);
    for (const answer of answers) {
      const made = await video(answer);
      expect(made).toMatchObject({ size: '1280x720', seconds: '8' });
      expect((await jobOf(made.id))?.parameters).toEqual({
        duration: 8,
        aspect_ratio: '16:9',
        resolution: '720p',
        seed: 5,
        generate_audio: false,
      });
    }
  });

  test('without a model asks the configured one', async () => {
    await using other = await startApi({ settings: { defaultModel: 'google/veo-3.1-t2v-fast' } });
    const made = await video(await other.call('POST', '/v1/videos', { body: { prompt } }));
    expect(made.model).toBe('google/veo-3.1-t2v-fast');
  });

  test('leaves the shape to the parameters of the model when those name it', async () => {
    const made = await video(await create({ model: 'google/veo-3.1-t2v', prompt, aspect_ratio: '16:9' }));
    expect((await jobOf(made.id))?.parameters).toEqual({ duration: 4, aspect_ratio: '16:9' });
  });

  test.each([
    ['no prompt', { model: 'sora-2' }, 400, 'prompt'],
    ['an empty prompt', { prompt: '' }, 400, 'prompt'],
    ['a prompt beyond 32,000 characters', { prompt: 'x'.repeat(32_001) }, 400, 'prompt'],
    ['an unknown model', { prompt, model: 'sora-9' }, 404, 'model'],
    ['a length the model does not have', { prompt, model: 'sora-2', seconds: '5' }, 400, 'seconds'],
    ['seconds that are no number', { prompt, seconds: 'long' }, 400, 'seconds'],
    ['a size the model does not have', { prompt, model: 'sora-2', size: '1792x1024' }, 400, 'size'],
    ['a size that is none', { prompt, size: 'large' }, 400, 'size'],
    [
      'a picture for a model that takes none',
      { prompt, model: newJob.model, input_reference: { image_url: pngUri } },
      400,
      'input_reference',
    ],
    ['no picture for a model that needs one', { prompt, model: 'google/veo-3.1-i2v' }, 400, 'input_reference'],
    ['a picture that is no address', { prompt, input_reference: { image_url: 'a.png' } }, 400, 'input_reference'],
    [
      'two pictures in one',
      { prompt, input_reference: { image_url: pngUri, file_id: 'file_1' } },
      400,
      'input_reference',
    ],
    ['an upload that is not there', { prompt, input_reference: { file_id: noUpload } }, 400, 'input_reference'],
    ['a field that the model does not know', { prompt, model: 'sora-2', colour: 'red' }, 400, 'colour'],
    ['a truth value that is neither', { prompt, model: newJob.model, generate_audio: 'no' }, 400, 'generate_audio'],
  ])('with %s names the field in the error', async (_what, body, status, param) => {
    expect(await error(await create(body))).toMatchObject({ status, param, type: 'invalid_request_error' });
  });

  test('with a size the model does not have says which it has', async () => {
    const { message } = await error(await create({ prompt, model: 'sora-2', size: '1792x1024' }));
    expect(message).toContain('1280x720, 720x1280');
  });

  test('that fails in a way nobody foresaw is not repeated by the SDK', async () => {
    await using broken = await startApi({
      settings: { defaultModel: 'sora-2' },
      steps: {
        wake: () => {
          throw new TypeError('not foreseen');
        },
      },
    });
    const response = await broken.call('POST', '/v1/videos', { body: { prompt } });
    expect(response.status).toBe(500);
    expect(response.headers.get('x-should-retry')).toBe('false');
  });
});

describe('an idempotency key', () => {
  test('makes one video of a form that is sent several times at once, answered with its own state', async () => {
    // Large enough to be kept beside the job.
    const picture = new File([png, Buffer.alloc(100_000)], 'a.png', { type: 'image/png' });
    const headers = { 'idempotency-key': 'once' };
    const send = () =>
      sendForm(
        api,
        [
          ['prompt', prompt],
          ['input_reference', picture],
        ],
        { headers },
      );
    const answers = await Promise.all(Array.from({ length: 7 }, send));
    const ids = new Set(await Promise.all(answers.map(async (answer) => (await video(answer)).id)));
    expect(ids.size).toBe(1);
    expect(answers.filter(({ headers }) => headers.get('idempotency-replayed') === 'true')).toHaveLength(6);
  });

  test('with another body is a conflict that the SDK does not repeat, and means nothing to somebody else', async () => {
    const key = { 'idempotency-key': 'mine' };
    const mine = await video(await create({ prompt }, key));
    const other = await create({ prompt: 'another' }, key);
    expect(other.status).toBe(409);
    expect(other.headers.get('x-should-retry')).toBe('false');
    const theirs = await video(await api.call('POST', '/v1/videos', { body: { prompt }, headers: key, key: otherKey }));
    expect(theirs.id).not.toBe(mine.id);
  });
});
