import type { IncomingMessage, ServerResponse } from 'node:http';
import { expect, test } from 'vitest';
import { AuthenticationError, openClient, ServiceAwayError, ServiceError, StrangeAnswerError } from '../src/index.ts';
import { ended, id, running } from './job-fixture.ts';
import { clientOf, refusal, sendJson } from './scripted-service.ts';

const wanted = { model: 'google/veo-3.1-t2v', prompt: 'a kite' };

type Answer = (response: ServerResponse) => void;

/** Answers one request after the other, and the last ones all the same. */
async function answering(...answers: readonly Answer[]) {
  const keys: unknown[] = [];
  const client = await clientOf((request: IncomingMessage, response) => {
    answers[Math.min(keys.length, answers.length - 1)]?.(response);
    keys.push(request.headers['idempotency-key']);
  });
  return { client, keys };
}

const away: Answer = (response) => void sendJson(response, refusal('service_unavailable'), 503, { 'retry-after': '0' });
const cut: Answer = (response) => void response.destroy();
const cutInTheMiddle: Answer = (response) => void response.writeHead(202).write('{"id"', () => response.destroy());
const accepted: Answer = (response) => void sendJson(response, running, 202);

test('a create whose answer is lost is repeated with one key, so that there is one video', async () => {
  const { client, keys } = await answering(cut, cutInTheMiddle, away, accepted);
  expect(await client.createJob(wanted)).toEqual(running);
  expect(keys).toEqual(Array(4).fill(expect.stringMatching(/^client-[0-9a-f]{32}$/)));
  expect(new Set(keys).size).toBe(1);
});

test('a key that no header can carry is a wrong key, and not a service that is away', async () => {
  for (const apiKey of ['密钥', 'key\u200b', 'key\n']) {
    const asked = openClient({ baseUrl: 'http://127.0.0.1:2', apiKey }).readJob(id);
    await expect(asked).rejects.toThrow(AuthenticationError);
    await expect(asked).rejects.toMatchObject({ code: 'invalid_api_key', serviceAway: false });
  }
});

test('each create has a key of its own, or the one of the caller', async () => {
  const { client, keys } = await answering(accepted);
  await client.createJob(wanted);
  await client.createJob(wanted);
  await client.createJob(wanted, { idempotencyKey: 'order-7' });
  expect(new Set(keys).size).toBe(3);
  expect(keys[2]).toBe('order-7');
});

test('a create is not repeated for ever, nor after a refusal, nor where nobody has ever been', async () => {
  const { client, keys } = await answering(away);
  await expect(client.createJob(wanted)).rejects.toThrow(ServiceAwayError);
  expect(keys).toHaveLength(4);
  const { client: refused, keys: once } = await answering((response) => {
    sendJson(response, refusal('invalid_request', 'duration must be one of 4, 6, 8.'), 400);
  });
  await expect(refused.createJob(wanted)).rejects.toMatchObject({ status: 400, code: 'invalid_request' });
  expect(once).toHaveLength(1);
  const nobody = openClient({ baseUrl: 'http://127.0.0.1:2' }).createJob(wanted);
  await expect(nobody).rejects.toMatchObject({ refused: true, wasThere: false });
});

test('an error tells status, code, field, request id, and whether the service was away', async () => {
  const error = { message: 'No.', type: 'invalid_request_error', code: 'invalid_request', param: 'duration' };
  const { client } = await answering((response) => void sendJson(response, { error, request_id: 'req_9' }, 400));
  const failure = client.readJob(id);
  await expect(failure).rejects.toThrow(ServiceError);
  await expect(failure).rejects.toMatchObject({
    message: 'No.',
    status: 400,
    code: 'invalid_request',
    param: 'duration',
    requestId: 'req_9',
    serviceAway: false,
  });
});

test.each([
  ['its refusal of a key', refusal('invalid_api_key'), 401, AuthenticationError],
  ['a page of somebody else', '<html>', 404, StrangeAnswerError],
  ['a success of somebody else', { status: 'ok' }, 200, StrangeAnswerError],
  ['a gateway that finds nobody', 'Bad gateway', 502, ServiceAwayError],
  ['its own "not now"', refusal('queue_full'), 503, ServiceAwayError],
])('%s is an error of its own class', async (_what, body, status, kind) => {
  const { client } = await answering((response) => void sendJson(response, body, status));
  await expect(client.readJob(id)).rejects.toThrow(kind);
});

test('a request that is aborted ends with the reason of its signal', async () => {
  const { client } = await answering(() => {});
  const stop = new AbortController();
  const reading = client.readJob(id, { signal: stop.signal });
  const reason = new Error('seen enough');
  stop.abort(reason);
  await expect(reading).rejects.toBe(reason);
});

test('key, user and query go where the service looks for them', async () => {
  const seen: IncomingMessage[] = [];
  const list = { object: 'list', data: [ended], first_id: id, last_id: id, has_more: false };
  const note = (request: IncomingMessage, response: ServerResponse) => {
    seen.push(request);
    sendJson(response, list);
  };
  const client = await clientOf(note, { apiKey: 'key', user: 'ann@example.com' });
  expect(await client.listJobs({ status: 'failed', limit: 2, after: id })).toEqual(list);
  await (await clientOf(note, { user: '小明' })).listJobs();
  expect(seen.map(({ url }) => url)).toEqual([`/v1/jobs?status=failed&limit=2&after=${id}`, '/v1/jobs?']);
  expect(seen[0]?.headers).toMatchObject({ authorization: 'Bearer key', 'x-librechat-user-id': 'ann@example.com' });
  expect(seen[1]?.headers['x-librechat-user-id']).toBe(`b64:${Buffer.from('小明').toString('base64')}`);
  expect(seen[1]?.headers.authorization).toBeUndefined();
});

test('a failed job of an earlier version, which did not tell what its words were made from, can be read', async () => {
  const provider = { name: 'aimlapi', status_code: 500, request_id: null, path: null, timestamp: null, kind: null };
  const evidence = { ...provider, message: 'oops', client_request_id: null };
  const error = { code: 'provider_error', message: 'No video.', retryable: true, billed: 'no', provider: evidence };
  const client = await clientOf((_request, response) => sendJson(response, { ...running, error }));
  expect((await client.readJob(id)).error).toMatchObject({ ...error, said: null, provider: { said: null } });
});
