import { type Sandbox, sandboxApiKey, startSandbox } from '@video-proxy/sandbox';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { acceptedId, call, create, createWith, poll, videosPath } from './client.ts';

let sandbox: Sandbox;
beforeEach(async () => {
  sandbox = await startSandbox({ generationSeconds: 0 });
});
afterEach(() => sandbox.close());

function send(method: string, path: string, body: object): Promise<{ status: number; json: unknown }> {
  return call(`${sandbox.url}/__sandbox/${path}`, { method, body: JSON.stringify(body) });
}

test('a request is recorded with its body and without its key', async () => {
  await create(
    sandbox.url,
    { model: 'luma/ray-2', prompt: 'a cat', image_url: `data:${'A'.repeat(5_000)}` },
    { headers: { 'x-client-request-id': 'video_1.1' } },
  );
  const [recorded] = sandbox.control.requests();
  expect(recorded).toMatchObject({
    kind: 'create',
    method: 'POST',
    path: videosPath,
    credential: 'accepted',
    headers: { 'x-client-request-id': 'video_1.1' },
    body: { prompt: 'a cat', image_url: expect.stringMatching(/^data:A+… \(5005 characters\)$/) },
  });
  expect(JSON.stringify(recorded)).not.toContain(sandboxApiKey);
});

test('a body of any shape is recorded within bounds', async () => {
  const deep = JSON.parse(`${'['.repeat(400)}1${']'.repeat(400)}`);
  const wide = Object.fromEntries(Array.from({ length: 3_000 }, (_, index) => [`field${index}`, 'text '.repeat(20)]));
  await create(sandbox.url, { model: 'luma/ray-2', deep, wide });
  expect(JSON.stringify(sandbox.control.requests()[0]?.body).length).toBeLessThan(60_000);
});

test('creates are counted by client request id, accepted or not, in this process and over HTTP', async () => {
  const headers = { 'x-client-request-id': 'video_1.1' };
  await createWith(sandbox.url, 'slow=0', { headers });
  await createWith(sandbox.url, 'server-error', { headers });
  await createWith(sandbox.url, 'slow=0', { headers, key: 'another' });
  const counts = { received: 3, accepted: 1, byClientRequestId: { 'video_1.1': { received: 3, accepted: 1 } } };
  expect(sandbox.control.creates()).toEqual(counts);
  expect((await call(`${sandbox.url}/__sandbox/creates`)).json).toEqual(counts);
});

test('a script changes the next calls of its kind, and only those', async () => {
  const id = await acceptedId(sandbox.url, 'slow=0');
  sandbox.control.script('poll', 'not-found', 2);
  sandbox.control.script('poll', 'pending-as=waiting never');
  sandbox.control.script('billing', 'rejected-key');
  const polls = [];
  for (let times = 0; times < 4; times += 1) polls.push((await poll(sandbox.url, id)).json);
  expect(polls).toMatchObject([
    { statusCode: 404 },
    { statusCode: 404 },
    { status: 'waiting' },
    { status: 'completed' },
  ]);
  const again = { headers: { 'x-client-request-id': 'video_1.1' } };
  await createWith(sandbox.url, 'slow=0', again);
  sandbox.control.script('create', 'server-error=1');
  expect((await createWith(sandbox.url, 'slow=0', again)).status).toBe(500);
  const billing = async () => (await call(`${sandbox.url}/v2/billing`)).status;
  expect([await billing(), await billing()]).toEqual([401, 200]);
  sandbox.control.script('create', 'id-as=cgt');
  expect(await acceptedId(sandbox.url, 'slow=0')).toMatch(/^cgt-/);
});

test('a scenario for all creates works like words in every prompt', async () => {
  sandbox.control.setState({ scenario: 'fails=string' });
  const { json } = await create(sandbox.url, { model: 'luma/ray-2', prompt: 'a cat' });
  expect((await poll(sandbox.url, String(json['id']))).json).toMatchObject({ error: 'The generation failed' });
});

test('unreadable words are refused where they are set', async () => {
  expect(() => sandbox.control.script('poll', 'not-a-word')).toThrow('Unknown sandbox word "not-a-word"');
  expect(() => sandbox.control.setState({ scenario: 'slow=x' })).toThrow('takes a number of seconds');
  expect(await send('POST', 'script', { on: 'poll', words: 'nope' })).toMatchObject({
    status: 400,
    json: { error: expect.stringContaining('Unknown sandbox word') },
  });
  expect(await send('PUT', 'state', { keyAcepted: true })).toMatchObject({ status: 400 });
});

test('a request that came through a proxy does not reach the control surface', async () => {
  const headers = { 'x-forwarded-for': '203.0.113.7' };
  expect((await call(`${sandbox.url}/__sandbox/state`, { headers })).status).toBe(404);
});

test('another process can set states, script calls, read requests and generations, and start over', async () => {
  expect(await send('PUT', 'state', { keyAccepted: false, balanceUsd: 5 })).toMatchObject({
    status: 200,
    json: { keyAccepted: false, verified: true, balanceUsd: 5 },
  });
  expect((await createWith(sandbox.url, 'slow=0')).status).toBe(401);
  await send('PUT', 'state', { keyAccepted: true });
  expect((await send('POST', 'script', { on: 'create', words: 'never' })).status).toBe(204);
  await createWith(sandbox.url, 'slow=0', { headers: { 'x-client-request-id': 'video_9.1' } });
  expect((await call(`${sandbox.url}/__sandbox/generations`)).json).toMatchObject({
    generations: [{ clientRequestId: 'video_9.1', phase: 'generating', polls: 0, downloads: 0 }],
  });
  const { json } = await call(`${sandbox.url}/__sandbox/requests?kind=create&limit=1`);
  expect(json).toMatchObject({ requests: [{ headers: { 'x-client-request-id': 'video_9.1' } }] });
  expect((await send('POST', 'reset', {})).status).toBe(204);
  expect(sandbox.control.requests()).toEqual([]);
  expect(sandbox.control.creates()).toEqual({ received: 0, accepted: 0, byClientRequestId: {} });
});

test('a request can be waited for, whether it has come already or not', async () => {
  const coming = sandbox.control.waitForRequest(({ kind }) => kind === 'create');
  await createWith(sandbox.url, 'slow=0');
  expect(await coming).toBe(await sandbox.control.waitForRequest(({ kind }) => kind === 'create'));
  await expect(sandbox.control.waitForRequest(({ kind }) => kind === 'key', 10)).rejects.toThrow('within 10 ms');
});

test('closing ends answers that hang', async () => {
  const hanging = createWith(sandbox.url, 'hang');
  const ended = expect(hanging).rejects.toBeInstanceOf(TypeError);
  await sandbox.control.waitForRequest(({ kind }) => kind === 'create');
  await sandbox.close();
  await ended;
});

test('closing twice is no mistake', async () => {
  await sandbox.close();
  await sandbox.close();
});

test('a taken port is said at the start', async () => {
  await expect(startSandbox({ port: Number(new URL(sandbox.url).port) })).rejects.toMatchObject({ code: 'EADDRINUSE' });
});
