import { failureTable, type Said } from '@video-proxy/core';
import { describe, expect, test } from 'vitest';
import { key, patient, providerAt, type Reaction, request, startScriptedProvider } from './scripted-provider.ts';

async function createAnsweredWith(reaction: Reaction) {
  await using server = await startScriptedProvider(reaction);
  await using provider = providerAt(server.url);
  const outcome = await provider.create(request, patient);
  return { outcome, requests: server.requests };
}

const incident401 = {
  requestId: 'hRNOI9BMsuLeZ76UNdGhS',
  statusCode: 401,
  timestamp: '2025-12-05T13:46:30.569Z',
  path: '/v2/video/generations',
  message:
    'This request requires a valid API key. You can create a new API key on the Billing page: https://aimlapi.com/app/keys',
};
const outOfCredits = {
  title: 'Forbidden',
  status: 403,
  message: "You've run out of credits. Please top up your balance: https://aimlapi.com/app/billing/",
  instance: '/v2/video/generations?',
  timestamp: '2026-04-14T09:46:33.609Z',
  error: {
    name: 'ForbiddenException',
    message: "You've run out of credits. ...",
    data: { kind: 'err_insufficent_credits' },
  },
};

describe('the request', () => {
  test('is the flat body the provider documents, with the headers that identify key, client and request', async () => {
    const { requests } = await createAnsweredWith({ body: { id: 'abc', status: 'queued' } });
    expect(requests).toHaveLength(1);
    expect(requests[0]).toMatchObject({
      method: 'POST',
      path: '/v2/video/generations',
      headers: {
        authorization: `Bearer ${key}`,
        'content-type': 'application/json',
        'x-client-request-id': request.clientRequestId,
        'user-agent': expect.stringMatching(/^video-proxy\/\d/),
      },
    });
    expect(JSON.parse(requests[0]?.body ?? '')).toEqual({
      model: 'google/veo-3.1-t2v-fast',
      prompt: 'a lighthouse in the fog',
      duration: 8,
      resolution: '720p',
    });
  });

  test('has no prompt when the job has none, and its parameters cannot replace model or prompt', async () => {
    await using server = await startScriptedProvider({ body: { id: 'abc' } });
    await using provider = providerAt(server.url);
    await provider.create({ ...request, prompt: null }, patient);
    await provider.create({ ...request, parameters: { model: 'other', prompt: 'other', seed: 1 } }, patient);
    expect(JSON.parse(server.requests[0]?.body ?? '')).not.toHaveProperty('prompt');
    expect(JSON.parse(server.requests[1]?.body ?? '')).toEqual({
      model: request.model,
      prompt: request.prompt,
      seed: 1,
    });
  });

  test.each([
    ['', '/v2/video/generations'],
    ['/', '/v2/video/generations'],
    ['/v1', '/v2/video/generations'],
    ['/v2/', '/v2/video/generations'],
    ['/gateway/aimlapi', '/gateway/aimlapi/v2/video/generations'],
    ['/gateway/aimlapi/', '/gateway/aimlapi/v2/video/generations'],
  ])('reaches the endpoint with a base URL that ends in "%s"', async (ending, path) => {
    await using server = await startScriptedProvider({ body: { id: 'abc' } });
    await using provider = providerAt(server.url + ending);
    await provider.create(request, patient);
    expect(server.requests[0]?.path).toBe(path);
  });

  test('is never sent without a key, or with one that cannot stand in a header', async () => {
    await using server = await startScriptedProvider({ body: { id: 'abc' } });
    for (const apiKey of [null, '', 'with space', 'line\nbreak', 'zero\u200bwidth']) {
      await using provider = providerAt(server.url, { apiKey: () => apiKey });
      const outcome = await provider.create(request, patient);
      expect(outcome).toMatchObject({ kind: 'refused', failure: { code: 'provider_auth_failed', billed: 'no' } });
    }
    expect(server.requests).toEqual([]);
  });

  test('uses the key of the moment, so that a replaced key needs no restart', async () => {
    await using server = await startScriptedProvider({ body: { id: 'abc' } });
    let current = 'first';
    await using provider = providerAt(server.url, { apiKey: () => current });
    await provider.create(request, patient);
    current = 'second';
    await provider.create(request, patient);
    expect(server.requests.map(({ headers }) => headers.authorization)).toEqual(['Bearer first', 'Bearer second']);
  });

  test('is refused by a program error when its client request id is one the provider would ignore', async () => {
    await using server = await startScriptedProvider({ body: { id: 'abc' } });
    await using provider = providerAt(server.url);
    await expect(provider.create({ ...request, clientRequestId: 'with space' }, patient)).rejects.toThrow(RangeError);
    expect(server.requests).toEqual([]);
  });

  test('travels on a connection of its own, which no other request uses before or after', async () => {
    const ports: (number | undefined)[] = [];
    await using server = await startScriptedProvider((response) => {
      ports.push(response.socket?.remotePort);
      response.end('{"id":"abc","status":"queued"}');
    });
    await using provider = providerAt(server.url);
    await provider.poll('abc', patient);
    await provider.create(request, patient);
    await provider.create(request, patient);
    expect(new Set(ports).size).toBe(3);
    expect(server.requests.at(-1)?.headers.connection).toBe('close');
  });
});

describe('accepted, with the id to follow, is', () => {
  test.each([
    ['a nanoid', { id: 'QC4qjlUKt8ZedNi7r09LM', status: 'queued' }, 'QC4qjlUKt8ZedNi7r09LM'],
    ['a nanoid that starts with a dash', { id: '-G3b3vVKdoC42fMNeK1T5', status: 'queued' }, '-G3b3vVKdoC42fMNeK1T5'],
    [
      'uuid:model',
      { id: '76a3553b-1:klingai/avatar-standard', status: 'queued' },
      '76a3553b-1:klingai/avatar-standard',
    ],
    ['a uuid', { id: 'dbf7a50e-87b2-4ba5-921f-f02fdb8f7cc6' }, 'dbf7a50e-87b2-4ba5-921f-f02fdb8f7cc6'],
    ['a Seedance id', { id: 'cgt-20250721143112-kkm5n', status: 'queued' }, 'cgt-20250721143112-kkm5n'],
    ['digits as text', { generation_id: '349872201343396', status: 'queued' }, '349872201343396'],
    ['digits as number', { generation_id: 349872201343396, status: 'queued' }, '349872201343396'],
    [
      'digits:model',
      { generation_id: '349872201343396:minimax/hailuo-2.3-fast' },
      '349872201343396:minimax/hailuo-2.3-fast',
    ],
    ['id before generation_id', { id: 'one', generation_id: 'two' }, 'one'],
    ['generation_id beside an empty id', { id: '', generation_id: 'two' }, 'two'],
    ['already completed', { id: 'abc', status: 'completed', video: { url: 'https://x.test/v.mp4' } }, 'abc'],
    ['already failed', { id: 'abc', status: 'error', error: { name: 'E', message: 'no' } }, 'abc'],
    ['of 200 characters', { id: 'x'.repeat(200) }, 'x'.repeat(200)],
  ])('an answer whose id is %s', async (_, body, generationId) => {
    const { outcome } = await createAnsweredWith({ body });
    expect(outcome).toMatchObject({ kind: 'accepted', generationId });
  });

  test.each([200, 201, 202])('an answer with status %i', async (status) => {
    const { outcome } = await createAnsweredWith({ status, body: { id: 'abc' } });
    expect(outcome).toEqual({ kind: 'accepted', generationId: 'abc', usage: null });
  });

  test.each([
    ['US dollars', { credits_used: 1, usd_spent: 1.95 }, { heldUsd: 1.95 }],
    ['credits, 2,000,000 a dollar', { credits_used: 3_900_000 }, { heldUsd: 1.95 }],
    ['free of charge', { usd_spent: 0 }, { heldUsd: 0 }],
    ['tokens of 2025, which are no price', { tokens_used: 590_100 }, null],
    ['nonsense', { credits_used: 'many', usd_spent: -1 }, null],
  ])('an answer that states its price in %s', async (_, usage, expected) => {
    const { outcome } = await createAnsweredWith({ body: { id: 'abc', meta: { usage } } });
    expect(outcome).toEqual({ kind: 'accepted', generationId: 'abc', usage: expected });
  });

  test('an answer that starts with a byte order mark', async () => {
    const { outcome } = await createAnsweredWith({ body: '\ufeff{"id":"abc"}' });
    expect(outcome).toMatchObject({ kind: 'accepted', generationId: 'abc' });
  });

  test('an unreadable answer that names the generation in its x-inference-id header', async () => {
    const { outcome } = await createAnsweredWith({ body: '{"id":', headers: { 'x-inference-id': 'from-header' } });
    expect(outcome).toEqual({ kind: 'accepted', generationId: 'from-header', usage: null });
  });
});

describe('unknown, because it may have been taken, is', () => {
  test.each<[string, Reaction]>([
    ['a success without an id', { body: { status: 'queued' } }],
    ['a success with an empty id', { body: { id: '', status: 'queued' } }],
    ['a success with an id that JSON has rounded', { body: '{"generation_id":34987220134339612345}' }],
    ['a success with an endless id', { body: { id: 'x'.repeat(10_000) } }],
    ['a success with an id of control characters', { body: { id: 'a\u0000b' } }],
    ['a success with an id that is an object', { body: { id: { id: 'abc' } } }],
    ['a success that is not JSON', { body: 'ok' }],
    ['a success that is a list', { body: [] }],
    ['a success that is null', { body: null }],
    ['a success with an empty body', { body: '' }],
    ['a success with an error envelope', { body: incident401 }],
    ['no content', { status: 204, body: '' }],
    ['a page of a proxy', { status: 524, body: '<html><title>524: A timeout occurred</title></html>' }],
    ['408', { status: 408, body: {} }],
    ['425', { status: 425, body: {} }],
    ['499', { status: 499, body: {} }],
    ['500', { status: 500, body: { message: 'Internal server error' } }],
    ['500 about maintenance', { status: 500, body: { message: 'The model is under maintenance' } }],
    ['500 with a kind that means a refusal elsewhere', { status: 500, body: outOfCredits }],
    ['502', { status: 502, body: '' }],
    ['503 with Retry-After', { status: 503, body: '', headers: { 'retry-after': '1' } }],
    ['504', { status: 504, body: { message: 'Generation timeout' } }],
    [
      '302, which may follow a request that was carried out',
      { status: 302, body: '', headers: { location: '/login' } },
    ],
    ['303, which does', { status: 303, body: '', headers: { location: '/v2/video/generations/1' } }],
    ['304', { status: 304, body: '' }],
  ])('%s', async (_, reaction) => {
    const { outcome, requests } = await createAnsweredWith(reaction);
    expect(outcome).toMatchObject({
      kind: 'unknown',
      evidence: { name: 'aimlapi', clientRequestId: request.clientRequestId },
    });
    expect(requests).toHaveLength(1);
  });
});

describe('refused, so that nothing runs and nothing is billed, is', () => {
  test.each<[string, number, unknown, string]>([
    ['the key, envelope of 2025', 401, incident401, 'provider_auth_failed'],
    ['the key, without a body', 401, '', 'provider_auth_failed'],
    ['the key, on a page', 401, '<html></html>', 'provider_auth_failed'],
    ['402', 402, {}, 'provider_out_of_credits'],
    ['credits, by kind', 403, outOfCredits, 'provider_out_of_credits'],
    ['credits, by kind under 402', 402, outOfCredits, 'provider_out_of_credits'],
    ['credits, by kind under 400', 400, outOfCredits, 'provider_out_of_credits'],
    ['credits, by name', 403, { error: { name: 'OutOfFundsException' } }, 'provider_out_of_credits'],
    ['credits, spelt correctly', 403, { data: { kind: 'err_insufficient_credits' } }, 'provider_out_of_credits'],
    ['credits, sentence of 2026', 403, { message: "You've run out of funds. Please …" }, 'provider_out_of_credits'],
    [
      'credits, plan rule',
      403,
      { message: 'You have exhausted the available [plan.rule:api_credit] resource limit' },
      'provider_out_of_credits',
    ],
    [
      'the card, bare inner exception',
      403,
      { name: 'ForbiddenException', message: 'Complete verification…', data: { kind: 'err_unverified_card' } },
      'provider_account_unverified',
    ],
    [
      'the card, sentence only',
      403,
      { message: 'Complete verification to using the API https://aimlapi.com/app/verification' },
      'provider_account_unverified',
    ],
    ['another 403', 403, { message: 'This key may not use model:video' }, 'provider_forbidden'],
    ['another 403 that mentions credits somewhere', 403, { message: 'No credits were used' }, 'provider_forbidden'],
    ['a 403 page of a firewall', 403, '<html><title>Attention Required!</title></html>', 'provider_forbidden'],
    ['a model', 404, { statusCode: 404, message: 'Model not found' }, 'model_not_found'],
    ['a model, without a body', 404, '', 'model_not_found'],
    ['a body', 400, { message: 'Body validation error' }, 'invalid_request'],
    ['a body, on a page', 400, '<html>400 Bad Request</html>', 'invalid_request'],
    ['a conflict', 409, {}, 'invalid_request'],
    ['a body too large, on a page', 413, '<html>413 Request Entity Too Large</html>', 'invalid_request'],
    ['an unprocessable body', 422, {}, 'invalid_request'],
    [
      'content, fal.ai',
      422,
      { detail: [{ loc: ['body'], msg: 'no', type: 'content_policy_violation' }] },
      'content_rejected',
    ],
    ['content, Runway', 400, { error: { code: 'SAFETY.INPUT.TEXT', message: 'no' } }, 'content_rejected'],
    ['content, ByteDance', 400, { error: { code: 'InputTextSensitiveContentDetected' } }, 'content_rejected'],
    ['content, Alibaba', 400, { code: 'DataInspectionFailed', message: 'no' }, 'content_rejected'],
    ['content, by kind', 403, { error: { data: { kind: 'err_content_moderation' } } }, 'content_rejected'],
    [
      'a body whose message quotes a prompt about safety',
      400,
      { message: 'safety moderation nsfw' },
      'invalid_request',
    ],
    ['a wrong safety_tolerance', 400, { data: [{ path: ['safety_tolerance'], message: 'x' }] }, 'invalid_request'],
  ])('%s (%i)', async (_, status, body, code) => {
    const { outcome, requests } = await createAnsweredWith({ status, body });
    expect(outcome).toMatchObject({
      kind: 'refused',
      failure: { code, billed: 'no', evidence: { statusCode: status } },
    });
    expect(requests).toHaveLength(1);
  });

  test('explained by the field the provider complains about', async () => {
    const issue = {
      code: 'invalid_type',
      expected: 'string',
      received: 'undefined',
      path: ['lyrics'],
      message: 'Required',
    };
    const bare = { name: 'BadRequestException', message: 'Invalid payload provided', data: [issue] };
    for (const body of [bare, { title: 'Bad Request', status: 400, error: bare }]) {
      const { outcome } = await createAnsweredWith({ status: 400, body });
      expect(outcome).toMatchObject({
        failure: { code: 'invalid_request', message: expect.stringContaining('(lyrics: Required)') },
      });
    }
  });

  test.each<[string, unknown, string]>([
    [
      'in the words of the provider when it names no field',
      { message: ['a must be 1', 'b must be 2'] },
      '(a must be 1; b must be 2)',
    ],
    ['in the words of the failure table when it says nothing', {}, failureTable.invalid_request.text],
  ])('explained %s', async (_, body, text) => {
    const { outcome } = await createAnsweredWith({ status: 400, body });
    expect(outcome).toMatchObject({ failure: { code: 'invalid_request', message: expect.stringContaining(text) } });
  });

  test('read from the status alone when the body is cut off', async () => {
    const { outcome } = await createAnsweredWith((response) => {
      response.writeHead(401, { 'content-type': 'application/json', 'content-length': '500' });
      response.write('{"requestId":"hRN', () => response.destroy());
    });
    expect(outcome).toMatchObject({ kind: 'refused', failure: { code: 'provider_auth_failed' } });
  });
});

describe('not taken, so that it may be sent again, is', () => {
  test.each([
    ['12', 12_000],
    ['0', 0],
    ['1.5', 1500],
    ['99999999', 3_600_000],
    [new Date(Date.now() - 60_000).toUTCString(), 0],
    ['soon', null],
    ['-5', null],
    ['', null],
  ])('429 with Retry-After "%s"', async (value, retryAfterMs) => {
    const { outcome } = await createAnsweredWith({ status: 429, body: {}, headers: { 'retry-after': value } });
    expect(outcome).toMatchObject({ kind: 'not_taken', failure: { code: 'provider_rate_limited' }, retryAfterMs });
  });

  test('429 with a date in the future, counted from now', async () => {
    const value = new Date(Date.now() + 60_000).toUTCString();
    const { outcome } = await createAnsweredWith({ status: 429, body: {}, headers: { 'retry-after': value } });
    const { retryAfterMs } = outcome as { retryAfterMs: number };
    expect(retryAfterMs).toBeGreaterThan(50_000);
    expect(retryAfterMs).toBeLessThanOrEqual(60_000);
  });

  test.each<[string, Reaction]>([
    ['a permanent redirect (301)', { status: 301, body: '', headers: { location: 'https://elsewhere.test/' } }],
    ['a permanent redirect (308)', { status: 308, body: '', headers: { location: 'https://elsewhere.test/' } }],
    [
      'a redirect that asks for the same request elsewhere (307)',
      { status: 307, body: '', headers: { location: '/' } },
    ],
    ['a web page where the API should be (404)', { status: 404, body: '<!doctype html><title>Not here</title>' }],
    ['a web page where the API should be (405)', { status: 405, body: '<html></html>' }],
  ])('%s: the base URL is wrong', async (_, reaction) => {
    const { outcome, requests } = await createAnsweredWith(reaction);
    expect(outcome).toMatchObject({
      kind: 'not_taken',
      failure: { code: 'provider_unavailable', evidence: { message: expect.stringContaining('AIMLAPI_BASE_URL') } },
    });
    expect(requests, 'redirects are not followed').toHaveLength(1);
  });
});

describe('the evidence', () => {
  const evidenceOf = async (reaction: Reaction) => {
    const { outcome } = await createAnsweredWith(reaction);
    if (outcome.kind === 'unknown') return outcome.evidence;
    if (outcome.kind === 'accepted') throw new Error('accepted');
    return outcome.failure.evidence;
  };

  test('is word for word what the recorded incident said', async () => {
    expect(await evidenceOf({ status: 401, body: incident401 })).toEqual({
      name: 'aimlapi',
      statusCode: 401,
      requestId: 'hRNOI9BMsuLeZ76UNdGhS',
      path: '/v2/video/generations',
      timestamp: '2025-12-05T13:46:30.569Z',
      kind: null,
      message: incident401.message,
      clientRequestId: request.clientRequestId,
    });
  });

  test('is read from the problem style of 2026, its request id from the header', async () => {
    const reaction = { status: 403, body: outOfCredits, headers: { 'x-request-id': 'req-1' } };
    expect(await evidenceOf(reaction)).toMatchObject({
      statusCode: 403,
      requestId: 'req-1',
      path: '/v2/video/generations',
      timestamp: '2026-04-14T09:46:33.609Z',
      kind: 'err_insufficent_credits',
      message: outOfCredits.message,
    });
  });

  test.each<[string, unknown, { kind?: string | null; message?: string; said?: Said }]>([
    [
      'bare inner exception',
      { name: 'ForbiddenException', message: 'm' },
      { kind: 'ForbiddenException', message: 'm' },
    ],
    ['list of messages', { message: ['one', 'two'] }, { message: 'one; two' }],
    ['nested message', { message: { message: 'inner' } }, { message: 'inner' }],
    ['list of issues', { message: [{ path: ['a'], message: 'Required' }] }, { message: 'Required' }],
    ['error as a text', { error: 'plain' }, { message: 'plain' }],
    ['error with a message', { error: { name: 'E1', message: 'inner' } }, { kind: 'E1', message: 'inner' }],
    ['title only', { title: 'Forbidden', status: 403 }, { message: 'Forbidden' }],
    [
      'fal.ai detail',
      { detail: [{ msg: 'no face', type: 'face_detection_error' }] },
      { kind: 'face_detection_error', message: 'no face' },
    ],
    ['a text as JSON', '"just words"', { message: 'just words' }],
    ['plain text', 'upstream said no', { message: 'upstream said no' }],
    ['a sentence where a code should be', { name: 'not a code', message: 'm' }, { kind: null, message: 'm' }],
    [
      'nothing readable',
      { secret: 'https://cdn.test/private.mp4' },
      {
        message: 'HTTP 403 with an unreadable body of 41 bytes',
        said: { code: 'answer_unreadable', facts: { status: 403, bytes: 41, cut: 0 } },
      },
    ],
    [
      'an empty body',
      '',
      { message: 'HTTP 403 with an empty body', said: { code: 'answer_empty', facts: { status: 403, cut: 0 } } },
    ],
    [
      'a page',
      '<html><title>Sorry\nyou</title><body>https://internal.test</body>',
      {
        message: 'HTTP 403 with a web page: Sorry you',
        said: { code: 'answer_page', facts: { status: 403, title: 'Sorry you' } },
      },
    ],
  ])('is read from: %s', async (_, body, expected) => {
    expect(await evidenceOf({ status: 403, body })).toMatchObject(expected);
  });

  test('takes a status that is a text in the body where HTTP itself says success', async () => {
    const body = { ...incident401, statusCode: '401' };
    expect(await evidenceOf({ status: 200, body })).toMatchObject({ statusCode: 401 });
  });

  test('never holds the API key, whatever the provider echoes', async () => {
    const echo = `Bearer ${key}`;
    const body = { message: `${'x'.repeat(480)}${echo}`, requestId: echo, path: `/${key}`, kind: key, timestamp: key };
    const evidence = await evidenceOf({ status: 401, body, headers: { 'x-request-id': key } });
    expect(JSON.stringify(evidence)).not.toContain(key.slice(0, 8));
    expect(evidence?.requestId).toBe('Bearer [key]');
  });

  test('never holds the API key in what a remark of ours is made from', async () => {
    const evidence = await evidenceOf({ status: 502, body: `<html><title>no ${key}</title>` });
    expect(evidence?.said).toEqual({ code: 'answer_page', facts: { status: 502, title: 'no [key]' } });
  });

  test('never holds the API key in the words about a refused field', async () => {
    const body = { data: [{ path: ['image_url'], message: `cannot fetch with ${key}` }] };
    const { outcome } = await createAnsweredWith({ status: 400, body });
    expect(JSON.stringify(outcome)).not.toContain(key);
  });

  test('is one short printable line', async () => {
    const message = `line one\r\nline\u0000 two \u202e\u001b[31m ${'😀'.repeat(1000)}`;
    const evidence = await evidenceOf({ status: 400, body: { message, timestamp: 'x'.repeat(5000) } });
    expect(evidence?.message).toMatch(/^line one line two \[31m 😀+…$/u);
    expect([...(evidence?.message ?? '')]).toHaveLength(500);
    expect(evidence?.timestamp).toHaveLength(200);
  });
});
