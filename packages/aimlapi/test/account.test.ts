import { describe, expect, test } from 'vitest';
import { key, patient, providerAt, type Reaction, startScriptedProvider } from './scripted-provider.ts';

async function probeAnsweredWith(...reactions: Reaction[]) {
  await using server = await startScriptedProvider(...reactions);
  await using provider = providerAt(server.url);
  return { outcome: await provider.probe(patient), paths: server.requests.map(({ path }) => path) };
}

describe('a probe', () => {
  test('asks for the balance with the key, which costs nothing', async () => {
    await using server = await startScriptedProvider({ body: { current_balance: 10.07, currency: 'USD' } });
    await using provider = providerAt(server.url);
    expect(await provider.probe(patient)).toEqual({ kind: 'ok', balanceUsd: 10.07 });
    expect(server.requests).toHaveLength(1);
    expect(server.requests[0]).toMatchObject({
      method: 'GET',
      path: '/v2/billing',
      headers: { authorization: `Bearer ${key}` },
    });
  });

  test('understands a balance that is a text', async () => {
    const { outcome } = await probeAnsweredWith({ body: { current_balance: '0.50' } });
    expect(outcome).toEqual({ kind: 'ok', balanceUsd: 0.5 });
  });

  test.each([0, -0.01])('says out of credits at a balance of %d, before a job has to find out', async (balance) => {
    const { outcome } = await probeAnsweredWith({ body: { current_balance: balance } });
    expect(outcome).toMatchObject({
      kind: 'refused',
      state: 'out_of_credits',
      evidence: { message: `the balance is ${balance} USD` },
    });
  });

  test.each<[number, unknown, string]>([
    [401, { message: 'This request requires a valid API key.', requestId: 'r1' }, 'rejected'],
    [402, {}, 'out_of_credits'],
    [403, { error: { data: { kind: 'err_insufficent_credits' } } }, 'out_of_credits'],
    [403, { data: { kind: 'err_unverified_card' } }, 'unverified'],
  ])('is refused by %i %j: %s', async (status, body, state) => {
    const { outcome, paths } = await probeAnsweredWith({ status, body });
    expect(outcome).toMatchObject({ kind: 'refused', state, evidence: { statusCode: status } });
    expect(paths).toEqual(['/v2/billing']);
  });

  test.each<[number, unknown]>([
    [403, { message: 'This key may only generate' }],
    [429, {}],
    [500, {}],
    [524, '<html></html>'],
    [200, '<html></html>'],
    [200, {}],
    [200, { current_balance: 'plenty' }],
    [302, ''],
  ])('proves nothing with %i %j', async (status, body) => {
    const { outcome } = await probeAnsweredWith({ status, body });
    expect(outcome).toMatchObject({ kind: 'unavailable', evidence: { statusCode: status } });
  });

  test('asks for the older balance, in credits, only where the newer does not exist', async () => {
    const { outcome, paths } = await probeAnsweredWith({ status: 404, body: {} }, { body: { balance: 3_000_000 } });
    expect(outcome).toEqual({ kind: 'ok', balanceUsd: 1.5 });
    expect(paths).toEqual(['/v2/billing', '/v1/billing/balance']);
  });

  test.each<[number, unknown]>([
    [404, { message: 'Not found' }],
    [404, '<html></html>'],
    [301, ''],
  ])('names the base URL as the cause when neither exists: %i %j', async (status, body) => {
    const { outcome } = await probeAnsweredWith({ status, body });
    expect(outcome).toMatchObject({
      kind: 'unavailable',
      evidence: { statusCode: status, message: expect.stringContaining('AIMLAPI_BASE_URL') },
    });
  });

  test('says missing without a key, and sends nothing', async () => {
    await using server = await startScriptedProvider({ body: {} });
    await using provider = providerAt(server.url, { apiKey: () => null });
    expect(await provider.probe(patient)).toMatchObject({ kind: 'refused', state: 'missing' });
    expect(server.requests).toEqual([]);
  });
});

describe('finding a lost create', () => {
  const id = 'video_01k.1';
  const row = (clientRequestId: string | null, more: object = {}) => ({
    created: new Date().toISOString(),
    status: 'succeeded',
    model: 'm',
    request_id: `request of ${clientRequestId}`.replaceAll(' ', '-'),
    inference_id: `generation of ${clientRequestId}`.replaceAll(' ', '-'),
    client_request_id: clientRequestId,
    ...more,
  });
  const page = (rows: unknown[], hasMore = false) => ({
    body: { data: rows, pagination: { limit: 100, offset: 0, total: 1, has_more: hasMore } },
  });
  const found = { kind: 'found', generationId: 'generation-of-video_01k.1' };
  const minuteMs = 60_000;
  const ago = (minutes: number) => Date.now() - minutes * minuteMs;
  async function findSentAt(sentAtMs: number, ...reactions: Reaction[]) {
    await using server = await startScriptedProvider(...reactions);
    await using provider = providerAt(server.url);
    const outcome = await provider.findGeneration({ clientRequestId: id, sentAtMs }, patient);
    return { outcome, paths: server.requests.map(({ path }) => path) };
  }
  const findIn = (...reactions: Reaction[]) => findSentAt(Date.now(), ...reactions);

  test('finds the generation by our request id in the log of the last hour', async () => {
    const { outcome, paths } = await findIn(page([row(null), row('video_01k.2'), row(id)]));
    expect(outcome).toEqual({ ...found, providerRequestId: 'request-of-video_01k.1' });
    expect(paths).toEqual(['/v2/logs?period=1h&limit=100&offset=0']);
  });

  test('names the answer of the log where its row does not name the request, and where there is none', async () => {
    const headers = { 'x-request-id': 'request-for-the-log' };
    const unnamed = await findIn({ ...page([row(id, { request_id: null })]), headers });
    expect(unnamed.outcome).toEqual({ ...found, providerRequestId: 'request-for-the-log' });
    const { outcome } = await findIn({ ...page([row('a')]), headers });
    expect(outcome).toEqual({ kind: 'absent', providerRequestId: 'request-for-the-log' });
  });

  test('reads on, page by page', async () => {
    const { outcome, paths } = await findIn(page([row('a')], true), page([row('b')], true), page([row(id)]));
    expect(outcome).toMatchObject({ kind: 'found' });
    expect(paths.map((path) => new URL(path, 'http://x').searchParams.get('offset'))).toEqual(['0', '100', '200']);
  });

  test('looks at the whole day for a request of more than an hour ago', async () => {
    const { outcome, paths } = await findSentAt(ago(70), page([row(id)]));
    expect(outcome).toMatchObject({ kind: 'found' });
    expect(paths).toEqual(['/v2/logs?period=24h&limit=100&offset=0']);
  });

  test('says absent only after every row was seen', async () => {
    expect((await findIn(page([row('a')]))).outcome).toEqual({ kind: 'absent' });
    const { outcome, paths } = await findIn(page([row('a')], true));
    expect(outcome).toMatchObject({ kind: 'unavailable', evidence: { clientRequestId: id } });
    expect(paths).toHaveLength(20);
  });

  test.each([
    ['text', new Date(ago(20)).toISOString()],
    ['seconds', Math.floor(ago(20) / 1_000)],
    ['milliseconds', ago(20)],
  ])('reads a log in order of time no further back than the request (%s)', async (_, created) => {
    const { outcome, paths } = await findIn(page([row('a')], true), page([row('b'), row('c', { created })], true));
    expect(outcome).toEqual({ kind: 'absent' });
    expect(paths).toHaveLength(2);
  });

  test('reads a log in another order to its end', async () => {
    const old = { created: new Date(ago(20)).toISOString() };
    const unordered = page([row('a', old), row('b'), row('c', old)], true);
    const { outcome, paths } = await findIn(unordered, page([row(id)]));
    expect(outcome).toMatchObject({ kind: 'found' });
    expect(paths).toHaveLength(2);
  });

  test('finds a generation that failed: a poll will tell why', async () => {
    expect((await findIn(page([row(id, { status: 'failed' })]))).outcome).toMatchObject({ kind: 'found' });
  });

  test('says absent for a request that failed before it became a generation', async () => {
    const { outcome } = await findIn(page([row(id, { status: 'failed', inference_id: null })]));
    expect(outcome).toEqual({ kind: 'absent' });
  });

  test.each([
    ['without a generation', { status: 'failed', inference_id: null }],
    ['with an id that never became a generation', { status: 'failed', inference_id: 'id-of-the-refusal' }],
  ])('a try that was turned away before, logged %s, hides no accepted one', async (_, turnedAway) => {
    expect((await findIn(page([row(id, turnedAway), row(id)]))).outcome).toMatchObject(found);
    expect((await findIn(page([row(id, turnedAway)], true), page([row(id)]))).outcome).toMatchObject(found);
  });

  test('does not say absent for a request that is logged without its generation id', async () => {
    const { outcome } = await findIn(page([row(id, { inference_id: null })]));
    expect(outcome).toMatchObject({ kind: 'unavailable' });
  });

  test('is not misled by rows of odd shapes', async () => {
    const { outcome } = await findIn(page([null, 5, 'x', {}, { client_request_id: 7 }, [], row(id)]));
    expect(outcome).toMatchObject({ kind: 'found' });
  });

  test.each<[string, Reaction]>([
    ['401', { status: 401, body: {} }],
    ['429', { status: 429, body: {} }],
    ['500', { status: 500, body: {} }],
    ['a page', { body: '<html></html>' }],
    ['no rows', { body: {} }],
  ])('is unavailable on %s', async (_, reaction) => {
    expect((await findIn(reaction)).outcome).toMatchObject({ kind: 'unavailable', evidence: { clientRequestId: id } });
  });

  test('is unavailable without a key, and sends nothing', async () => {
    await using server = await startScriptedProvider(page([row(id)]));
    await using provider = providerAt(server.url, { apiKey: () => null });
    expect(await provider.findGeneration({ clientRequestId: id, sentAtMs: 0 }, patient)).toMatchObject({
      kind: 'unavailable',
    });
    expect(server.requests).toEqual([]);
  });
});

describe('listing models', () => {
  const video = { type: 'internal/video-generations/submit', tags: ['playground:video'] };

  test('gives ids and aliases of video models, without sending the key', async () => {
    await using server = await startScriptedProvider({
      body: {
        object: 'list',
        data: [
          { id: 'one', aliases: ['uno', 5, ''], ...video },
          { id: 'two', tags: ['playground:video'] },
          { id: 'three', type: video.type },
          { id: 'chat', type: 'chat-completion', tags: ['playground:chat'] },
          { id: '', ...video },
          { id: 'with space', ...video },
          null,
        ],
      },
    });
    await using provider = providerAt(server.url);
    expect(await provider.listModels(patient)).toEqual({
      kind: 'listed',
      models: [
        { id: 'one', aliases: ['uno'] },
        { id: 'two', aliases: [] },
        { id: 'three', aliases: [] },
      ],
    });
    expect(server.requests[0]?.path).toBe('/v1/models?tags=playground%3Avideo');
    expect(server.requests[0]?.headers.authorization).toBeUndefined();
  });

  test('says unchanged when the provider does, by the ETag of the last list', async () => {
    await using server = await startScriptedProvider(
      { body: { data: [{ id: 'one', ...video }] }, headers: { etag: '"v1"' } },
      { status: 304, body: '' },
    );
    await using provider = providerAt(server.url);
    await provider.listModels(patient);
    expect(await provider.listModels(patient)).toEqual({ kind: 'unchanged' });
    expect(server.requests.map(({ headers }) => headers['if-none-match'])).toEqual([undefined, '"v1"']);
  });

  test.each<[string, Reaction]>([
    ['an empty list', { body: { data: [] } }],
    ['a list of other models', { body: { data: [{ id: 'chat', type: 'chat' }] } }],
    ['no list', { body: {} }],
    ['500', { status: 500, body: {} }],
    ['a page', { body: '<html></html>' }],
  ])('is unavailable with %s', async (_, reaction) => {
    await using server = await startScriptedProvider(reaction);
    await using provider = providerAt(server.url);
    expect(await provider.listModels(patient)).toMatchObject({ kind: 'unavailable' });
  });
});
