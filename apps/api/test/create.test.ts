import { openaiError, videoJobWire } from '@video-proxy/contracts';
import { describe, expect, test } from 'vitest';
import { clientKey, newJob, otherKey, startApi } from './running-api.ts';

const job = async (response: Response) => videoJobWire.parse(await response.json());
const refusal = async (response: Response) => openaiError.parse(await response.json()).error;

describe('a create request', () => {
  test('is answered with 202, its address, and a job with every key', async () => {
    await using api = await startApi();
    const body = { ...newJob, parameters: { duration: 8 }, metadata: { chat: 'c-1' } };
    const response = await api.call('POST', '/v1/jobs', { body });
    expect(response.status).toBe(202);
    const wire = await job(response);
    expect(wire).toMatchObject({ object: 'video.job', status: 'queued', phase: 'queued', attempt: 1, ...body });
    expect(wire.id).toMatch(/^video_[0-9a-hjkmnp-tv-z]{26}$/);
    expect(response.headers.get('location')).toBe(wire.links.self);
    expect(wire.links.self).toBe(`${api.url}/v1/jobs/${wire.id}`);
    expect(wire.request_id).toBe(response.headers.get('x-request-id'));
  });

  test('puts exactly one submit step on the queue', async () => {
    await using api = await startApi();
    await api.create();
    await expect.poll(async () => (await api.steps.counts()).submit.waiting).toBe(1);
  });

  test('is accepted although the step cannot be added, because the ledger has the job', async () => {
    await using api = await startApi({
      steps: {
        add: async () => {
          throw new Error('the queue is away');
        },
      },
    });
    const response = await api.call('POST', '/v1/jobs', { body: newJob });
    expect(response.status).toBe(202);
    expect(await api.ledger.jobs.get((await job(response)).id)).not.toBeNull();
  });

  test('does not wait for a queue that hangs', async () => {
    await using api = await startApi({ steps: { add: () => new Promise(() => {}) } });
    const response = await api.call('POST', '/v1/jobs', { body: newJob, signal: AbortSignal.timeout(2_000) });
    expect(response.status).toBe(202);
  });

  test('takes an alias and stores the id of the model', async () => {
    await using api = await startApi();
    const body = { ...newJob, model: 'Google/veo-3.1-text-to-video' };
    expect((await job(await api.call('POST', '/v1/jobs', { body }))).model).toBe('google/veo-3.1-t2v');
  });

  test('uses PUBLIC_BASE_URL for its links when there is one', async () => {
    await using api = await startApi({ settings: { publicBaseUrl: 'https://videos.example/proxy' } });
    const wire = await job(await api.call('POST', '/v1/jobs', { body: newJob }));
    expect(wire.links.self).toBe(`https://videos.example/proxy/v1/jobs/${wire.id}`);
  });

  test('believes a proxy in a private network about the outer address', async () => {
    await using api = await startApi();
    const headers = { 'x-forwarded-proto': 'https', 'x-forwarded-host': 'videos.example' };
    const wire = await job(await api.call('POST', '/v1/jobs', { body: newJob, headers }));
    expect(wire.links.self).toBe(`https://videos.example/v1/jobs/${wire.id}`);
  });

  test('never repeats a forged host that could break out of a link', async () => {
    await using api = await startApi();
    const headers = { 'x-forwarded-host': 'evil"><script>' };
    const wire = await job(await api.call('POST', '/v1/jobs', { body: newJob, headers }));
    expect(wire.links.self).toBe(`http://localhost/v1/jobs/${wire.id}`);
  });

  test('with an embedded image is not answered with megabytes', async () => {
    await using api = await startApi();
    const png = Buffer.concat([Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex'), Buffer.alloc(1_500_000)]);
    const image = `data:image/png;base64,${png.toString('base64')}`;
    const body = { model: 'google/veo-3.1-i2v', prompt: 'it moves', parameters: { image_url: image } };
    const response = await api.call('POST', '/v1/jobs', { body });
    expect(response.status).toBe(202);
    const text = await response.text();
    expect(text.length).toBeLessThan(3_000);
    expect(JSON.parse(text)).toMatchObject({ parameters: { image_url: expect.stringMatching(/^file_/) } });
  });
});

describe('a create request is refused, and nothing is stored, when', () => {
  const bad: readonly [
    name: string,
    body: unknown,
    status: number,
    code: string,
    param: string | null,
    text: RegExp,
  ][] = [
    [
      'the model is unknown',
      { ...newJob, model: 'google/veo-3.1-t2w' },
      404,
      'model_not_found',
      'model',
      /google\/veo-3\.1-t2v/,
    ],
    ['the model is missing', { prompt: 'x' }, 400, 'invalid_request', 'model', /"model" is required/],
    ['the prompt is missing', { model: newJob.model }, 400, 'invalid_request', 'prompt', /prompt is required/],
    ['the prompt is not text', { ...newJob, prompt: 5 }, 400, 'invalid_request', 'prompt', /expected string/],
    ['the prompt is 3 MB', { ...newJob, prompt: 'x'.repeat(3_000_000) }, 400, 'invalid_request', 'prompt', /32000/],
    ['a value is not allowed', { ...newJob, parameters: { duration: 5 } }, 400, 'invalid_request', 'duration', /4, 6/],
    [
      'a type is wrong',
      { ...newJob, parameters: { generate_audio: 'loud' } },
      400,
      'invalid_request',
      'generate_audio',
      /./,
    ],
    [
      'a parameter is unknown',
      { ...newJob, parameters: { durration: 8 } },
      400,
      'invalid_request',
      'durration',
      /duration/,
    ],
    [
      'a parameter stands outside',
      { ...newJob, duration: 8 },
      400,
      'invalid_request',
      'duration',
      /go into "parameters"/,
    ],
    ['the parameters are a list', { ...newJob, parameters: [1] }, 400, 'invalid_request', 'parameters', /./],
    ['the metadata is text', { ...newJob, metadata: 'x' }, 400, 'invalid_request', 'metadata', /./],
    [
      'the metadata is huge',
      { ...newJob, metadata: { a: 'x'.repeat(20_000) } },
      400,
      'invalid_request',
      'metadata',
      /16/,
    ],
    ['the body is a list', [], 400, 'invalid_request', null, /JSON object/],
    ['the body is null', null, 400, 'invalid_request', null, /JSON object/],
    ['the body is broken JSON', '{"model":', 400, 'invalid_request', null, /not valid JSON/],
    [
      'the body poisons prototypes',
      '{"model":"m","__proto__":{"a":1}}',
      400,
      'invalid_request',
      null,
      /not valid JSON/,
    ],
    [
      'the body is nested too deeply',
      `{"model":${'['.repeat(50_000)}${']'.repeat(50_000)}}`,
      400,
      'invalid_request',
      null,
      /nested/,
    ],
    ['the body is larger than 8 MB', `"${'x'.repeat(9_000_000)}"`, 413, 'request_too_large', null, /too large/],
  ];
  test.each(bad)('%s', async (_name, body, status, code, param, text) => {
    await using api = await startApi();
    const response = await api.call('POST', '/v1/jobs', { body });
    expect(response.status).toBe(status);
    const error = await refusal(response);
    expect(error).toMatchObject({ code, param, type: 'invalid_request_error', message: expect.stringMatching(text) });
    expect((await api.ledger.jobs.list({ owner: 'alice', limit: 1 })).jobs).toEqual([]);
  });

  test.each(['text/plain', 'application/xml', 'multipart/form-data; boundary=x', 'nonsense'])(
    'the content type is %s',
    async (type) => {
      await using api = await startApi();
      const headers = { 'content-type': type };
      const response = await api.call('POST', '/v1/jobs', { body: JSON.stringify(newJob), headers });
      expect(response.status).toBe(415);
      expect((await refusal(response)).message).toContain('application/json');
    },
  );

  test('the text is in another encoding than UTF-8: a prompt would be paid for and be garbage', async () => {
    await using api = await startApi();
    const kite = Buffer.from([0xb7, 0xe7, 0xf3, 0xdd]); // "风筝" in GBK
    const body = Buffer.concat([Buffer.from(`{"model":"${newJob.model}","prompt":"`), kite, Buffer.from('"}')]);
    const response = await fetch(`${api.url}/v1/jobs`, {
      method: 'POST',
      headers: { authorization: `Bearer ${clientKey}`, 'content-type': 'application/json' },
      body,
    });
    expect(response.status).toBe(400);
    expect(await refusal(response)).toMatchObject({
      code: 'invalid_request',
      message: expect.stringContaining('UTF-8'),
    });
    expect((await api.ledger.jobs.list({ owner: 'alice', limit: 1 })).jobs).toEqual([]);
  });

  test('there is no body at all', async () => {
    await using api = await startApi();
    const response = await api.call('POST', '/v1/jobs', { headers: { 'content-type': 'application/json' } });
    expect(response.status).toBe(400);
    expect((await refusal(response)).message).toContain('JSON object');
  });
});

describe('an idempotency key', () => {
  const headers = { 'idempotency-key': 'k-1' };

  test('makes one job of 20 requests at the same moment', async () => {
    await using api = await startApi();
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => api.call('POST', '/v1/jobs', { body: newJob, headers })),
    );
    expect(answers.map(({ status }) => status)).toEqual(Array(20).fill(202));
    const ids = await Promise.all(answers.map(async (answer) => (await job(answer)).id));
    expect(new Set(ids).size).toBe(1);
    expect(answers.filter((answer) => answer.headers.get('idempotency-replayed') === 'true')).toHaveLength(19);
    expect((await api.ledger.jobs.list({ owner: 'alice', limit: 5 })).jobs).toHaveLength(1);
    await expect.poll(async () => (await api.steps.counts()).submit.waiting).toBe(1);
  });

  test('does not care about the order of keys in the body', async () => {
    await using api = await startApi();
    const id = await api.create({ parameters: { duration: 8, seed: 1 } }, headers);
    expect(await api.create({ parameters: { seed: 1, duration: 8 } }, headers)).toBe(id);
  });

  test('with another body is a conflict that names the first job and must not be repeated', async () => {
    await using api = await startApi();
    const id = await api.create({}, headers);
    const response = await api.call('POST', '/v1/jobs', { body: { ...newJob, prompt: 'another' }, headers });
    expect(response.status).toBe(409);
    expect(response.headers.get('x-should-retry')).toBe('false');
    expect(await refusal(response)).toMatchObject({
      code: 'idempotency_conflict',
      message: expect.stringContaining(id),
    });
  });

  test('belongs to its owner: another client or user makes a job of their own', async () => {
    await using api = await startApi();
    const id = await api.create({}, headers);
    const asBob = await job(await api.call('POST', '/v1/jobs', { body: newJob, headers, key: otherKey }));
    const asUser = await api.create({}, { ...headers, 'x-librechat-user-id': 'u-1' });
    expect(new Set([id, asBob.id, asUser]).size).toBe(3);
  });

  test('may be the id of the LibreChat message, unless its placeholder was not filled in', async () => {
    await using api = await startApi();
    const message = { 'x-librechat-message-id': 'm-1' };
    expect(await api.create({}, message)).toBe(await api.create({}, message));
    const unfilled = { 'x-librechat-message-id': '{{LIBRECHAT_BODY_MESSAGEID}}' };
    expect(await api.create({}, unfilled)).not.toBe(await api.create({}, unfilled));
  });

  test('wins over the id of the message', async () => {
    await using api = await startApi();
    const id = await api.create({}, { ...headers, 'x-librechat-message-id': 'm-1' });
    expect(await api.create({}, { ...headers, 'x-librechat-message-id': 'm-2' })).toBe(id);
  });

  test.each(['', 'x'.repeat(256)])('that is empty or too long is refused', async (key) => {
    await using api = await startApi();
    const response = await api.call('POST', '/v1/jobs', { body: newJob, headers: { 'idempotency-key': key } });
    expect(response.status).toBe(400);
    expect((await refusal(response)).param).toBe('Idempotency-Key');
  });

  test('shows the job as it is now when it is replayed', async () => {
    await using api = await startApi();
    const id = await api.create({}, headers);
    await api.happen(id, { type: 'cancel_requested' });
    const replayed = await job(await api.call('POST', '/v1/jobs', { body: newJob, headers, key: clientKey }));
    expect(replayed).toMatchObject({ id, status: 'failed', error: { code: 'cancelled' } });
  });
});
