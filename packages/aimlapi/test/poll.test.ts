import { describe, expect, test } from 'vitest';
import { key, patient, providerAt, type Reaction, startScriptedProvider } from './scripted-provider.ts';

async function pollAnsweredWith(reaction: Reaction, generationId = 'abc') {
  await using server = await startScriptedProvider(reaction);
  await using provider = providerAt(server.url);
  return { outcome: await provider.poll(generationId, patient), requests: server.requests, origin: server.url };
}

const videoUrl = 'https://cdn.aimlapi.com/wolf/1.mp4?_jwt=abc.def&x=1';

describe('the request', () => {
  test.each([
    ['QC4qjlUKt8ZedNi7r09LM', 'QC4qjlUKt8ZedNi7r09LM'],
    ['-G3b3vVKdoC42fMNeK1T5', '-G3b3vVKdoC42fMNeK1T5'],
    ['9e730e80-1:bytedance/omnihuman', '9e730e80-1%3Abytedance%2Fomnihuman'],
    ['a b&c=d?e#f%', 'a%20b%26c%3Dd%3Fe%23f%25'],
    ['\ud800', '%EF%BF%BD'],
  ])('asks for the encoded id of %j with the key', async (id, encoded) => {
    const { requests } = await pollAnsweredWith({ body: { id, status: 'queued' } }, id);
    expect(requests).toHaveLength(1);
    expect(requests[0]).toMatchObject({
      method: 'GET',
      path: `/v2/video/generations?generation_id=${encoded}`,
      headers: { authorization: `Bearer ${key}`, 'user-agent': expect.stringContaining('video-proxy/') },
    });
  });

  test('is not sent without a key', async () => {
    await using server = await startScriptedProvider({ body: {} });
    await using provider = providerAt(server.url, { apiKey: () => null });
    expect(await provider.poll('abc', patient)).toMatchObject({
      kind: 'refused',
      failure: { code: 'provider_auth_failed', evidence: { message: expect.stringContaining('key') } },
    });
    expect(server.requests).toEqual([]);
  });

  test('reuses connections', async () => {
    const ports = new Set<number | undefined>();
    await using server = await startScriptedProvider((response) => {
      ports.add(response.socket?.remotePort);
      response.end('{"status":"generating"}');
    });
    await using provider = providerAt(server.url);
    for (let poll = 0; poll < 10; poll += 1) await provider.poll('abc', patient);
    // undici lets a connection rest for one turn of the event loop after an answer, so two take turns.
    expect(ports.size).toBeLessThanOrEqual(2);
  });
});

describe('pending is', () => {
  test.each([
    ...['queued', 'generating', 'waiting', 'active', 'processing', 'running', 'preparing', 'queueing', 'submitted'],
    ...['pending', 'in_progress', 'dreaming', 'GENERATING', 'some-new-word', '', 'unknown'],
  ])('the word "%s"', async (status) => {
    const { outcome } = await pollAnsweredWith({ body: { id: 'abc', status } });
    expect(outcome).toEqual({ kind: 'pending', providerStatus: status.toLowerCase() });
  });

  test('a pending word beside a video or an error', async () => {
    const { outcome } = await pollAnsweredWith({
      body: { status: 'generating', video: { url: videoUrl }, error: 'x' },
    });
    expect(outcome).toEqual({ kind: 'pending', providerStatus: 'generating' });
  });

  test('an endless word, cut', async () => {
    const { outcome } = await pollAnsweredWith({ body: { status: `a\u0000${'x'.repeat(1000)}` } });
    expect(outcome).toEqual({ kind: 'pending', providerStatus: `a ${'x'.repeat(61)}…` });
  });
});

describe('succeeded is', () => {
  test.each(['completed', 'succeeded', 'success', 'succeed', 'done', 'ready', 'finished', 'Completed', ' COMPLETED '])(
    'the word "%s" with a file',
    async (status) => {
      const { outcome } = await pollAnsweredWith({ body: { id: 'abc', status, video: { url: videoUrl } } });
      expect(outcome).toEqual({ kind: 'succeeded', sourceUrl: videoUrl, usage: null });
    },
  );

  test.each<[string, unknown]>([
    ['{url}', { url: videoUrl }],
    ['{url} with more fields', { url: videoUrl, content_type: 'video/mp4', file_name: 'output.mp4', file_size: 627 }],
    ['a list of texts', [videoUrl]],
    ['a list of {url}', [{ url: videoUrl }, { url: 'https://cdn.aimlapi.com/2.mp4' }]],
    ['a list that starts with nothing usable', [null, { url: '' }, 7, { url: videoUrl }]],
    ['a text', videoUrl],
    ['a text between spaces', ` ${videoUrl} `],
  ])('a file given as %s', async (_, video) => {
    const { outcome } = await pollAnsweredWith({ body: { id: 'abc', status: 'completed', video, error: null } });
    expect(outcome).toEqual({ kind: 'succeeded', sourceUrl: videoUrl, usage: null });
  });

  test('a file on the provider’s own host, given as a path', async () => {
    const { outcome, origin } = await pollAnsweredWith({ body: { status: 'completed', video: '/files/1.mp4' } });
    expect(outcome).toMatchObject({ kind: 'succeeded', sourceUrl: `${origin}/files/1.mp4` });
  });

  test('a file without a protocol', async () => {
    const { outcome } = await pollAnsweredWith({ body: { status: 'completed', video: { url: '//cdn.test/1.mp4' } } });
    expect(outcome).toMatchObject({ kind: 'succeeded', sourceUrl: 'http://cdn.test/1.mp4' });
  });

  test('what it cost, when the answer says so', async () => {
    const body = { status: 'completed', video: { url: videoUrl }, meta: { usage: { credits_used: 2_000_000 } } };
    const { outcome } = await pollAnsweredWith({ body });
    expect(outcome).toMatchObject({ kind: 'succeeded', usage: { heldUsd: 1 } });
  });
});

test.each<[string, unknown]>([
  ['missing', undefined],
  ['null', null],
  ['empty', {}],
  ['an empty list', []],
  ['an empty text', ''],
  ['a bare word', 'output.mp4'],
  ['a file path of the upstream', 'file:///tmp/1.mp4'],
  ['a script', 'javascript:alert(1)'],
  ['embedded', 'data:video/mp4;base64,AAAA'],
  ['no address', { url: 'https://' }],
  ['a number', 5],
])('a success whose file is %s has to be asked again', async (_, video) => {
  const { outcome } = await pollAnsweredWith({ body: { id: 'abc', status: 'completed', video } });
  expect(outcome).toEqual({ kind: 'succeeded_without_file' });
});

test.each([
  ['pending', { status: 'generating' }],
  ['succeeded_without_file', { status: 'completed', video: null }],
])('an answer that settles nothing (%s) is named as well', async (kind, body) => {
  const headers = { 'x-request-id': 'request-of-the-poll' };
  const { outcome } = await pollAnsweredWith({ body: { id: 'abc', ...body }, headers });
  expect(outcome).toMatchObject({ kind, providerRequestId: 'request-of-the-poll' });
});

describe('failed, by the provider’s own verdict, is', () => {
  test.each(['error', 'failed', 'cancelled', 'canceled', 'expired', 'timeout', 'ERROR'])(
    'the word "%s"',
    async (status) => {
      const { outcome } = await pollAnsweredWith({ body: { id: 'abc', status, error: null } });
      expect(outcome).toMatchObject({
        kind: 'failed',
        failure: {
          code: 'provider_error',
          billed: 'no',
          evidence: { message: expect.stringContaining('without an error') },
        },
      });
    },
  );

  const faceError = {
    detail: [
      {
        loc: ['body', 'image_url'],
        msg: 'Could not detect face in the image',
        type: 'face_detection_error',
        input: 'https://user.test/me.png',
      },
    ],
  };

  test.each<[string, unknown, { kind: string | null; message: string }]>([
    [
      'name and message',
      { name: 'UpstreamError', message: 'it broke' },
      { kind: 'UpstreamError', message: 'it broke' },
    ],
    ['a message', { message: 'it broke' }, { kind: null, message: 'it broke' }],
    ['a text', 'it broke', { kind: null, message: 'it broke' }],
    ['fal.ai detail', faceError, { kind: 'face_detection_error', message: 'Could not detect face in the image' }],
    ['an empty object', {}, { kind: null, message: 'status "error" without an error' }],
    ['a nested reason', { error: { reason: 'inner' } }, { kind: null, message: 'inner' }],
  ])('an error given as %s', async (_, error, evidence) => {
    const { outcome } = await pollAnsweredWith({
      body: { id: 'abc', status: 'error', error },
      headers: { 'x-request-id': 'req-9' },
    });
    expect(outcome).toMatchObject({
      kind: 'failed',
      failure: { code: 'provider_error', evidence: { ...evidence, requestId: 'req-9', statusCode: 200 } },
    });
    expect(JSON.stringify(outcome), 'inputs are not evidence').not.toContain('user.test');
  });

  test('an error that quotes a link, without what opens it', async () => {
    const message = `Cannot read https://ann:secret@files.test/1.png?X-Amz-Signature=secret&x=1, see "${videoUrl}" or https://aimlapi.com/help.`;
    const { outcome } = await pollAnsweredWith({ body: { id: 'abc', status: 'error', error: { message } } });
    const quoted =
      'Cannot read https://files.test/1.png?… see "https://cdn.aimlapi.com/wolf/1.mp4?…" or https://aimlapi.com/help.';
    expect(outcome).toMatchObject({ failure: { evidence: { message: quoted } } });
  });

  test.each<[string, unknown]>([
    ['fal.ai', { detail: [{ loc: ['body', 'prompt'], msg: 'no', type: 'content_policy_violation' }] }],
    ['a name', { name: 'ContentModerationError', message: 'no' }],
    ['a code', { code: 'SAFETY.OUTPUT.VIDEO', message: 'no' }],
    ['ByteDance', { code: 'OutputVideoSensitiveContentDetected', message: 'no' }],
    ['a kind', { data: { kind: 'nsfw_content' }, message: 'no' }],
  ])('rejected content, by a code: %s', async (_, error) => {
    const { outcome } = await pollAnsweredWith({ body: { id: 'abc', status: 'error', error } });
    expect(outcome).toMatchObject({ kind: 'failed', failure: { code: 'content_rejected', billed: 'no' } });
  });

  test('not rejected content when only a sentence mentions safety', async () => {
    const error = { name: 'Error', message: 'Prompt "content policy, safety and moderation" could not be rendered' };
    const { outcome } = await pollAnsweredWith({ body: { id: 'abc', status: 'error', error } });
    expect(outcome).toMatchObject({ failure: { code: 'provider_error', evidence: { kind: null } } });
  });
});

test('the recorded answer for an id that does not exist is no verdict: a fresh id may not be known yet', async () => {
  const error = { name: 'Error', message: 'invalid params, task_id cannot by empty' };
  const { outcome } = await pollAnsweredWith({ body: { id: '', status: 'unknown', error } });
  expect(outcome).toMatchObject({ kind: 'not_found', evidence: { message: error.message } });
});

describe('refused, which says nothing about the generation, is', () => {
  test.each<[number, unknown, string]>([
    [401, { message: 'This request requires a valid API key.' }, 'provider_auth_failed'],
    [402, {}, 'provider_out_of_credits'],
    [403, { error: { data: { kind: 'err_insufficent_credits' } } }, 'provider_out_of_credits'],
    [403, { data: { kind: 'err_unverified_card' } }, 'provider_account_unverified'],
    [403, {}, 'provider_forbidden'],
    [403, '<html></html>', 'provider_forbidden'],
    [400, { data: { kind: 'err_insufficent_credits' } }, 'provider_out_of_credits'],
  ])('%i %j', async (status, body, code) => {
    const { outcome } = await pollAnsweredWith({ status, body });
    expect(outcome).toMatchObject({ kind: 'refused', failure: { code, evidence: { statusCode: status } } });
  });
});

test.each<[number, unknown]>([
  [404, { message: 'Inference not found' }],
  [404, ''],
])('an id the provider does not know is not found: %i %j', async (status, body) => {
  const { outcome } = await pollAnsweredWith({ status, body });
  expect(outcome).toMatchObject({ kind: 'not_found', evidence: { statusCode: status } });
});

describe('unavailable, to be asked again, is', () => {
  test.each<[string, Reaction]>([
    ['a "no" that is no verdict', { status: 400, body: { message: 'Bad request' } }],
    ['410', { status: 410, body: {} }],
    ['413', { status: 413, body: {} }],
    ['422', { status: 422, body: {} }],
    ['408', { status: 408, body: {} }],
    ['425', { status: 425, body: {} }],
    ['500', { status: 500, body: { status: 'error', error: { message: 'Internal server error' } } }],
    ['502', { status: 502, body: '' }],
    ['503', { status: 503, body: '' }],
    ['504', { status: 504, body: { message: 'Generation timeout' } }],
    ['524 with a page', { status: 524, body: '<!DOCTYPE html><title>api.aimlapi.com | 524</title>' }],
    ['a page of success', { status: 200, body: '<html><title>Just a moment...</title></html>' }],
    ['a page where the API should be', { status: 404, body: '<html>404</html>' }],
    ['no JSON', { body: '{"status":"comp' }],
    ['no status', { body: { id: 'abc' } }],
    ['a status that is no word', { body: { id: 'abc', status: 200 } }],
    ['an error envelope under 200', { body: { statusCode: 500, message: 'x' } }],
    ['a list', { body: [] }],
    ['null', { body: null }],
    ['a redirect', { status: 302, body: '', headers: { location: '/elsewhere' } }],
  ])('%s', async (_, reaction) => {
    const { outcome, requests } = await pollAnsweredWith(reaction);
    expect(outcome).toMatchObject({ kind: 'unavailable', evidence: { name: 'aimlapi' }, retryAfterMs: null });
    expect(requests).toHaveLength(1);
  });

  test.each([429, 503])('%i, with the wait the provider asks for', async (status) => {
    const { outcome } = await pollAnsweredWith({ status, body: {}, headers: { 'retry-after': '7' } });
    expect(outcome).toMatchObject({ kind: 'unavailable', retryAfterMs: 7000 });
  });
});
