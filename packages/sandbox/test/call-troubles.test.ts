import { type Sandbox, startSandbox } from '@video-proxy/sandbox';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { envelopeStyles } from '../src/wire/envelopes.ts';
import { type TroubleWord, troubleWords } from '../src/wire/troubles.ts';
import { type Answer, acceptedId, create, createWith, poll } from './client.ts';

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox({ generationSeconds: 0 });
});
afterAll(() => sandbox.close());

/** What a caller sees: a status with a piece of the body, or how the call ends without an answer. */
type Expected = { readonly status: number; readonly body: string | RegExp } | 'no answer in time' | 'connection lost';

const expected: Record<TroubleWord, Expected> = {
  'rejected-key': { status: 401, body: 'This request requires a valid API key.' },
  incident: { status: 401, body: 'hRNOI9BMsuLeZ76UNdGhS' },
  'out-of-credits': { status: 403, body: '"data":{"kind":"err_insufficent_credits"}' },
  'out-of-funds': { status: 403, body: 'OutOfFundsException' },
  'exhausted-plan': { status: 403, body: '[plan.rule:api_credit]' },
  unverified: { status: 403, body: '"data":{"kind":"err_unverified_card"}' },
  forbidden: { status: 403, body: 'Forbidden resource' },
  'payment-required': { status: 402, body: 'Payment Required' },
  'invalid-payload': { status: 400, body: '"path":["prompt"]' },
  'validation-error': { status: 400, body: 'Body validation error' },
  'validation-list': { status: 400, body: '"message":["prompt must be a string"' },
  'refused-content': { status: 400, body: 'content moderation system' },
  'model-not-found': { status: 404, body: 'Model not found' },
  'not-found': { status: 404, body: 'Inference not found' },
  'too-large': { status: 413, body: 'request entity too large' },
  'rate-limited': { status: 429, body: 'Too Many Requests' },
  'free-tier-limit': { status: 429, body: 'Free-tier limit' },
  'server-error': { status: 500, body: 'Internal server error' },
  'server-sorry': { status: 500, body: 'Something wrong with the server.' },
  maintenance: { status: 500, body: 'under maintenance' },
  'bad-gateway': { status: 502, body: '<!DOCTYPE html>' },
  unavailable: { status: 503, body: 'Service Unavailable' },
  'gateway-timeout': { status: 504, body: 'Generation timeout' },
  'origin-timeout': { status: 524, body: '<!DOCTYPE html>' },
  html: { status: 200, body: '<!DOCTYPE html>' },
  empty: { status: 200, body: /^$/ },
  'broken-json': { status: 200, body: /^\{"id":"QC4qjlUKt8ZedNi7$/ },
  'strange-json': { status: 200, body: /^\["ok",null,42\]$/ },
  reset: 'connection lost',
  cut: 'connection lost',
  hang: 'no answer in time',
};

async function expectTrouble(answer: Promise<Answer>, word: TroubleWord): Promise<void> {
  const what = expected[word];
  if (what === 'no answer in time') return expect(answer).rejects.toMatchObject({ name: 'TimeoutError' });
  if (what === 'connection lost') return expect(answer).rejects.toBeInstanceOf(TypeError);
  const { status, text } = await answer;
  expect({ status, text }).toEqual({ status: what.status, text: expectedText(what.body) });
}

function expectedText(body: string | RegExp): unknown {
  return typeof body === 'string' ? expect.stringContaining(body) : expect.stringMatching(body);
}

/** Long enough to arrive on a busy machine: the sandbox has to count the request before we give up. */
const soon = { timeoutMs: 800 };

describe.each(troubleWords)('%s', (word) => {
  const options = expected[word] === 'no answer in time' ? soon : {};

  test('answers the create request, which then never became a generation', async () => {
    const before = sandbox.control.creates();
    await expectTrouble(createWith(sandbox.url, word, options), word);
    const after = sandbox.control.creates();
    expect([after.received - before.received, after.accepted - before.accepted]).toEqual([1, 0]);
  });

  test('answers the first polls, and then they go on as if nothing had been', async () => {
    const id = await acceptedId(sandbox.url, `poll-${word}=1`);
    await expectTrouble(poll(sandbox.url, id, options), word);
    expect(await poll(sandbox.url, id)).toMatchObject({ status: 200, json: { id, status: 'completed' } });
  });
});

test('a number says how many creates of one job are in trouble, and then it is accepted', async () => {
  const options = { headers: { 'x-client-request-id': 'video_counted.1' } };
  const statuses: number[] = [];
  for (let times = 0; times < 4; times += 1) {
    statuses.push((await createWith(sandbox.url, 'rate-limited=2 server-error=1', options)).status);
  }
  expect(statuses).toEqual([429, 429, 500, 200]);
});

test('without a number every create is in trouble, also in the next attempt of the job', async () => {
  for (const attempt of [1, 2, 3]) {
    const headers = { 'x-client-request-id': `video_always.${attempt}` };
    expect((await createWith(sandbox.url, 'maintenance', { headers })).status).toBe(500);
  }
});

test('poll troubles follow one another, and "always" never ends', async () => {
  const id = await acceptedId(sandbox.url, 'poll-not-found=1, poll-unavailable=always');
  const statuses = [];
  for (let times = 0; times < 5; times += 1) statuses.push((await poll(sandbox.url, id)).status);
  expect(statuses).toEqual([404, 503, 503, 503, 503]);
});

test.each(['rate-limited', 'unavailable'])('%s says when to come back, in seconds or as a date', async (word) => {
  const inSeconds = await createWith(sandbox.url, `${word} retry-after=7`);
  expect(inSeconds.headers.get('retry-after')).toBe('7');
  const asDate = await createWith(sandbox.url, `${word} retry-after-date`);
  expect(Date.parse(asDate.headers.get('retry-after') ?? '')).toBeGreaterThan(Date.now() - 1_000);
  expect((await createWith(sandbox.url, word)).headers.has('retry-after')).toBe(false);
});

test('each of the envelopes can be asked for', async () => {
  const bodies: Record<string, unknown> = {};
  for (const style of envelopeStyles) {
    const { status, text } = await createWith(sandbox.url, `out-of-credits envelope=${style}`);
    expect(status).toBe(403);
    bodies[style] = text;
  }
  const inner = { name: 'ForbiddenException', message: expect.any(String), data: { kind: 'err_insufficent_credits' } };
  const gateway = { requestId: expect.any(String), path: '/v2/video/generations', message: inner.message };
  expect(JSON.parse(String(bodies['gateway']))).toMatchObject({ ...gateway, statusCode: 403 });
  expect(JSON.parse(String(bodies['gateway-text']))).toMatchObject({ ...gateway, statusCode: '403' });
  expect(JSON.parse(String(bodies['problem']))).toMatchObject({ title: 'Forbidden', status: 403, error: inner });
  expect(JSON.parse(String(bodies['bare']))).toEqual(inner);
  expect(bodies['html']).toContain('<h1>Forbidden</h1>');
  expect(bodies['empty']).toBe('');
});

test('the recorded incident comes back word for word', async () => {
  const { status, text } = await createWith(sandbox.url, 'incident');
  expect(status).toBe(401);
  expect(text).toBe(
    '{"requestId":"hRNOI9BMsuLeZ76UNdGhS","statusCode":401,"timestamp":"2025-12-05T13:46:30.569Z","path":"/v2/video/generations","message":"This request requires a valid API key. You can create a new API key on the Billing page: https://aimlapi.com/app/keys"}',
  );
});

test('a misspelt word or value is refused, because a test that met nothing would prove nothing', async () => {
  expect(await createWith(sandbox.url, 'rejected-kye')).toMatchObject({
    status: 400,
    json: { message: 'Unknown sandbox word "rejected-kye"; docs/sandbox.md lists them' },
  });
  for (const words of ['slow=long', 'never=1', 'fails=badly', 'size=5tb', 'poll-not-found=-1']) {
    expect((await createWith(sandbox.url, words)).status).toBe(400);
  }
});

test('words work from the header of a single call, for models without a prompt and for polls', async () => {
  const headers = { 'x-sandbox-scenario': 'maintenance' };
  expect((await create(sandbox.url, { model: 'klingai/avatar-pro' }, { headers })).status).toBe(500);
  const id = await acceptedId(sandbox.url, 'slow=0');
  expect((await poll(sandbox.url, id, { headers })).status).toBe(500);
  expect((await poll(sandbox.url, id)).status).toBe(200);
});
