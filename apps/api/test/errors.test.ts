import { once } from 'node:events';
import { connect } from 'node:net';
import { openaiError } from '@video-proxy/contracts';
import { fastify } from 'fastify';
import { describe, expect, test } from 'vitest';
import { answerErrors } from '../src/errors.ts';
import { newRequestId } from '../src/http/request-id.ts';
import { clientKey, startApi } from './running-api.ts';

describe('the request id', () => {
  test('of the caller is kept when it is harmless', async () => {
    await using api = await startApi();
    for (const id of ['a', 'req-1:2.3_4', 'x'.repeat(128)]) {
      const response = await api.call('GET', '/v1/jobs/nope', { headers: { 'x-request-id': id } });
      expect(response.headers.get('x-request-id')).toBe(id);
      expect(openaiError.parse(await response.json()).request_id).toBe(id);
    }
  });

  test.each(['', 'x'.repeat(129), 'a b', '"quoted"', 'a,b'])('%j is replaced by a new one', async (id) => {
    await using api = await startApi();
    const response = await api.call('GET', '/', { headers: { 'x-request-id': id } });
    expect(response.headers.get('x-request-id')).toMatch(/^req_[0-9a-z]{24}$/);
  });

  test('that is new never reads like a status, and is not given twice', () => {
    // In the number alone the digits 401 would come up for the first time at 4097.
    const ids = Array.from({ length: 5000 }, newRequestId);
    expect(ids.filter((id) => id.includes('401'))).toEqual([]);
    expect(new Set(ids).size).toBe(ids.length);
  });

  test.each([
    ['GET', '/'],
    ['GET', '/healthz'],
    ['GET', '/nope'],
    ['PUT', '/v1/jobs'],
    ['GET', '/openapi.json'],
    ['OPTIONS', '/v1/jobs'],
    ['GET', '/%'],
  ])('is on the answer to %s %s', async (method, path) => {
    await using api = await startApi();
    expect((await api.call(method, path)).headers.get('x-request-id')).toMatch(/^req_/);
  });
});

describe('a request that leads nowhere', () => {
  test.each([
    '/nope',
    '/v1',
    '/v1/jobs/',
    '/v1/jobs/a/b',
    '/V1/JOBS',
    '/v3/x',
    '//v1/jobs',
    '/v1/jobs/../../etc/passwd',
  ])('to %s is 404 in the envelope', async (path) => {
    await using api = await startApi();
    const response = await api.call('GET', path);
    expect(response.status).toBe(404);
    expect(openaiError.parse(await response.json()).error.code).toBe('not_found');
  });

  test('because of its method is 405 and names those that work', async () => {
    await using api = await startApi();
    const response = await api.call('PUT', '/v1/jobs');
    expect(response.status).toBe(405);
    expect(response.headers.get('allow')).toBe('GET, HEAD, POST');
    expect(openaiError.parse(await response.json()).error.code).toBe('method_not_allowed');
    expect((await api.call('PATCH', '/v1/models/google/veo-3.1-t2v')).status).toBe(405);
  });

  test('with a path that cannot be decoded is 400 in the envelope', async () => {
    await using api = await startApi();
    const response = await api.call('GET', '/v1/jobs/%E0%A4%A');
    expect(response.status).toBe(400);
    expect(openaiError.parse(await response.json()).error.type).toBe('invalid_request_error');
  });
});

describe('what is not even HTTP', () => {
  async function send(port: number, text: string): Promise<string> {
    const socket = connect(port, '127.0.0.1');
    socket.end(text);
    let answer = '';
    socket.on('data', (chunk) => {
      answer += chunk;
    });
    await once(socket, 'close');
    return answer;
  }

  test('is answered in the envelope, with a request id', async () => {
    await using api = await startApi();
    const port = Number(new URL(api.url).port);
    const [head, body] = (await send(port, 'NONSENSE\r\n\r\n')).split('\r\n\r\n');
    expect(head).toMatch(/^HTTP\/1\.1 400 /);
    expect(head).toMatch(/x-request-id: req_/);
    expect(openaiError.parse(JSON.parse(body ?? '')).error.code).toBe('invalid_request');
  });

  test('has headers that are too large', async () => {
    await using api = await startApi();
    const port = Number(new URL(api.url).port);
    expect(await send(port, `GET / HTTP/1.1\r\nhost: x\r\na: ${'x'.repeat(20_000)}\r\n\r\n`)).toMatch(
      /^HTTP\/1\.1 431 /,
    );
  });
});

test('a compressed body is refused by the name of its encoding', async () => {
  await using api = await startApi();
  const headers = { 'content-encoding': 'gzip' };
  const response = await api.call('POST', '/v1/jobs', { body: '{}', headers });
  expect(response.status).toBe(415);
  expect(openaiError.parse(await response.json()).error.param).toBe('content-encoding');
});

test.each([
  ['too large', 'application/json', 413],
  ['of another type', 'text/plain', 415],
])('who is still sending a body that is %s gets an answer, and not a dead connection', async (_what, type, status) => {
  await using api = await startApi();
  const size = 12_000_000;
  const lines = ['POST /v1/jobs HTTP/1.1', 'host: x', `authorization: Bearer ${clientKey}`, `content-type: ${type}`];
  const socket = connect(Number(new URL(api.url).port), '127.0.0.1');
  socket.write([...lines, `content-length: ${size}`, '', ''].join('\r\n'));
  const [refusal] = (await once(socket, 'data')) as [Buffer];
  expect(refusal.toString()).toContain(`HTTP/1.1 ${status} `);
  socket.write(Buffer.alloc(size));
  socket.write('GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n');
  const [next] = (await once(socket, 'data')) as [Buffer];
  expect(next.toString()).toContain('HTTP/1.1 200 ');
  socket.destroy();
});

test('a path of the provider dialect is answered in its envelope, however the path is written', async () => {
  await using api = await startApi();
  for (const path of ['/v2/video/generations?generation_id=x', '/%76%32/video/generations?generation_id=x']) {
    expect(await (await api.call('GET', path)).json()).toMatchObject({ statusCode: 404, message: expect.any(String) });
  }
});

test('an unexpected error tells its request id and nothing of itself', async () => {
  const lines: string[] = [];
  await using app = fastify({ logger: { stream: { write: (line: string) => void lines.push(line) } } });
  answerErrors(app, { isUnavailable: () => false, now: Date.now });
  app.get('/v1/broken', async () => {
    throw new Error('password is hunter2');
  });
  const response = await app.inject('/v1/broken');
  expect(response.statusCode).toBe(500);
  expect(response.body).not.toContain('hunter2');
  const { error, request_id } = openaiError.parse(response.json());
  expect(error).toMatchObject({ code: 'internal_error', type: 'server_error' });
  expect(lines.some((line) => line.includes('hunter2') && line.includes(request_id))).toBe(true);
});
