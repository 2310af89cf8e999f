import { once } from 'node:events';
import type { AddressInfo, Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { describe, expect, test } from 'vitest';
import { startFaultyServer } from './faulty-server.ts';
import { patient, providerAt, request, startScriptedProvider } from './scripted-provider.ts';

const silent = () => undefined;
const headOf = (length: number) =>
  `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${length}\r\n\r\n`;
const shortPatience = { connectMs: 10_000, createMs: 250, readMs: 250 };

describe('a create is certainly not taken when', () => {
  test.each([
    ['the name does not exist', 'http://nonexistent.invalid', /^DNS/, 'call_unresolved'],
    ['nobody listens', 'http://127.0.0.1:1', /^connection refused/, 'call_refused'],
  ])('%s', async (_, baseUrl, finding, code) => {
    await using provider = providerAt(baseUrl);
    expect(await provider.create(request, patient)).toMatchObject({
      kind: 'not_taken',
      failure: {
        code: 'provider_unavailable',
        billed: 'no',
        evidence: {
          statusCode: null,
          message: expect.stringMatching(finding),
          said: { code, facts: { error: expect.any(String) } },
          clientRequestId: request.clientRequestId,
        },
      },
      retryAfterMs: null,
    });
  });

  test('https is spoken to a server that speaks http', async () => {
    await using server = await startScriptedProvider({ body: { id: 'abc' } });
    await using provider = providerAt(server.url.replace('http:', 'https:'));
    expect(await provider.create(request, patient)).toMatchObject({
      kind: 'not_taken',
      failure: { evidence: { message: expect.stringMatching(/^TLS/) } },
    });
    expect(server.requests).toEqual([]);
  });

  test('the TLS handshake never ends', async () => {
    await using server = await startFaultyServer(silent);
    await using provider = providerAt(`https://${server.host}`, { timeouts: shortPatience });
    expect(await provider.create(request, patient)).toMatchObject({
      kind: 'not_taken',
      failure: {
        evidence: { message: expect.stringMatching(/^timeout: no connection/), said: { code: 'call_unconnected' } },
      },
    });
  });

  test('the TLS handshake is cut off', async () => {
    await using server = await startFaultyServer(silent, (socket) => socket.once('data', () => socket.destroy()));
    await using provider = providerAt(`https://${server.host}`);
    expect(await provider.create(request, patient)).toMatchObject({ kind: 'not_taken' });
    expect(server.received).not.toContain('POST');
  });
});

describe('a create may have been taken, and is sent only once, when', () => {
  test.each<[string, (socket: Socket) => void]>([
    ['the connection is reset before the answer', (socket) => socket.resetAndDestroy()],
    ['the connection is closed before the answer', (socket) => socket.end()],
    ['the connection is closed within the status line', (socket) => socket.end('HTTP/1.1 20')],
    ['the connection is closed within the headers', (socket) => socket.end('HTTP/1.1 200 OK\r\ncontent-type: appl')],
    ['the answer is not HTTP', (socket) => socket.end('SSH-2.0-OpenSSH_9.2\r\n')],
    ['the body is cut off', (socket) => socket.end(`${headOf(500)}{"id":"abc","sta`)],
    ['the body is reset', (socket) => socket.write(`${headOf(500)}{"id":`, () => socket.resetAndDestroy())],
    [
      'the chunked body is cut off',
      (socket) => socket.end('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\n{"id"\r\n'),
    ],
    ['the server only says: go on', (socket) => socket.end('HTTP/1.1 100 Continue\r\n\r\n')],
  ])('%s', async (_, onRequest) => {
    await using server = await startFaultyServer(onRequest);
    await using provider = providerAt(`http://${server.host}`);
    expect(await provider.create(request, patient)).toMatchObject({
      kind: 'unknown',
      evidence: { name: 'aimlapi', message: expect.any(String), clientRequestId: request.clientRequestId },
    });
    expect(server.received.match(/POST /g)).toHaveLength(1);
  });

  test('the connection is reset as soon as it is open', async () => {
    await using server = await startFaultyServer(silent, (socket) =>
      socket.once('data', () => socket.resetAndDestroy()),
    );
    await using provider = providerAt(`http://${server.host}`);
    expect(await provider.create(request, patient)).toMatchObject({ kind: 'unknown' });
    expect(server.connections).toBe(1);
  });

  test.each<[string, (socket: Socket) => void]>([
    ['the answer never comes', silent],
    ['the answer comes too slowly', (socket) => socket.write(`${headOf(500)}{"id":"abc"`)],
  ])('%s', async (_, onRequest) => {
    await using server = await startFaultyServer(onRequest);
    await using provider = providerAt(`http://${server.host}`, { timeouts: shortPatience });
    expect(await provider.create(request, patient)).toMatchObject({ kind: 'unknown' });
    expect(server.connections).toBe(1);
  });

  test('the answer never ends', async () => {
    const mebibyte = Buffer.alloc(1024 * 1024, 'x');
    await using server = await startFaultyServer((socket) => {
      const pour = () => {
        while (socket.writable && socket.write(mebibyte));
        socket.once('drain', pour);
      };
      socket.write(headOf(1e12));
      pour();
    });
    await using provider = providerAt(`http://${server.host}`);
    expect(await provider.create(request, patient)).toMatchObject({ kind: 'unknown', evidence: { statusCode: 200 } });
  });

  test('http is spoken to a server that speaks https', async () => {
    const server = createTlsServer({});
    server.on('tlsClientError', silent).listen(0, '127.0.0.1');
    await once(server, 'listening');
    await using provider = providerAt(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    expect(await provider.create(request, patient)).toMatchObject({ kind: 'unknown' });
    server.close();
    await once(server, 'close');
  });

  test('an informational answer comes before the real one, which then counts', async () => {
    const body = '{"id":"abc"}';
    await using server = await startFaultyServer((socket) =>
      socket.end(`HTTP/1.1 103 Early Hints\r\nlink: </x>\r\n\r\n${headOf(body.length)}${body}`),
    );
    await using provider = providerAt(`http://${server.host}`);
    expect(await provider.create(request, patient)).toMatchObject({ kind: 'accepted', generationId: 'abc' });
  });
});

describe('an aborted create', () => {
  const reason = new Error('shutting down');

  test('rejects with the reason, and nothing is sent, when it was aborted before', async () => {
    await using server = await startScriptedProvider({ body: { id: 'abc' } });
    await using provider = providerAt(server.url);
    await expect(provider.create(request, AbortSignal.abort(reason))).rejects.toBe(reason);
    expect(server.requests).toEqual([]);
  });

  test('is certainly not taken while it is connecting', async () => {
    const abort = new AbortController();
    await using server = await startFaultyServer(silent, () => abort.abort(reason));
    await using provider = providerAt(`https://${server.host}`);
    expect(await provider.create(request, abort.signal)).toMatchObject({ kind: 'not_taken' });
  });

  test('is unknown once the request has left', async () => {
    const abort = new AbortController();
    await using server = await startFaultyServer(() => abort.abort(reason));
    await using provider = providerAt(`http://${server.host}`);
    expect(await provider.create(request, abort.signal)).toMatchObject({
      kind: 'unknown',
      evidence: { message: 'given up by this service' },
    });
  });
});

test('a create is refused by its status even when the rest of the answer never comes', async () => {
  await using server = await startScriptedProvider((response) => {
    response.writeHead(401, { 'content-length': '100' });
    response.write('{"requestId":"abc"');
  });
  await using provider = providerAt(server.url, { timeouts: shortPatience });
  expect(await provider.create(request, patient)).toMatchObject({
    kind: 'refused',
    failure: { code: 'provider_auth_failed' },
  });
});

describe('a read through the same faults', () => {
  test.each([
    ['the name does not exist', 'http://nonexistent.invalid', /^DNS/],
    ['nobody listens', 'http://127.0.0.1:1', /^connection refused/],
  ])('is unavailable when %s', async (_, baseUrl, finding) => {
    await using provider = providerAt(baseUrl);
    const unavailable = { kind: 'unavailable', evidence: { message: expect.stringMatching(finding) } };
    expect(await provider.poll('abc', patient)).toMatchObject(unavailable);
    expect(await provider.probe(patient)).toMatchObject(unavailable);
    expect(await provider.findGeneration({ clientRequestId: 'job.1', sentAtMs: 0 }, patient)).toMatchObject(
      unavailable,
    );
    expect(await provider.listModels(patient)).toMatchObject(unavailable);
  });

  test.each<[string, (socket: Socket) => void]>([
    ['reset', (socket) => socket.resetAndDestroy()],
    ['cut', (socket) => socket.end(`${headOf(500)}{"id":"abc","status":"error"}`)],
    ['silence', silent],
    ['noise', (socket) => socket.end('SSH-2.0-OpenSSH_9.2\r\n')],
  ])('is unavailable, never a verdict on the generation: %s', async (_, onRequest) => {
    await using server = await startFaultyServer(onRequest);
    await using provider = providerAt(`http://${server.host}`, { timeouts: shortPatience });
    expect(await provider.poll('abc', patient)).toMatchObject({ kind: 'unavailable', retryAfterMs: null });
  });

  test('works again on a new connection after the kept one has died', async () => {
    const body = '{"id":"abc","status":"generating"}';
    await using server = await startFaultyServer((socket) => {
      // Promises to stay, and goes.
      socket.write(headOf(body.length) + body, () => socket.destroy());
    });
    await using provider = providerAt(`http://${server.host}`);
    for (let poll = 0; poll < 3; poll += 1) {
      await expect.poll(() => provider.poll('abc', patient)).toMatchObject({ kind: 'pending' });
    }
  });

  test('rejects with the reason of the abort, before and after it was sent', async () => {
    const reason = new Error('cancelled');
    const abort = new AbortController();
    await using server = await startFaultyServer(() => abort.abort(reason));
    await using provider = providerAt(`http://${server.host}`);
    await expect(provider.poll('abc', abort.signal)).rejects.toBe(reason);
    await expect(provider.poll('abc', abort.signal)).rejects.toBe(reason);
    await expect(provider.probe(abort.signal)).rejects.toBe(reason);
    await expect(provider.findGeneration({ clientRequestId: 'job.1', sentAtMs: 0 }, abort.signal)).rejects.toBe(reason);
    await expect(provider.listModels(abort.signal)).rejects.toBe(reason);
    expect(server.received.match(/GET /g)).toHaveLength(1);
  });

  test('is given up while it waits for a free connection', async () => {
    const reason = new Error('cancelled');
    await using server = await startFaultyServer(silent);
    await using provider = providerAt(`http://${server.host}`);
    const abort = new AbortController();
    const waiting = Array.from({ length: 200 }, () => provider.poll('abc', abort.signal));
    await server.requested;
    abort.abort(reason);
    const outcomes = await Promise.allSettled(waiting);
    expect(outcomes.every((outcome) => outcome.status === 'rejected' && outcome.reason === reason)).toBe(true);
  });

  test('ends when the provider is closed', async () => {
    await using server = await startFaultyServer(silent);
    const provider = providerAt(`http://${server.host}`);
    const outcome = provider.poll('abc', patient);
    await server.requested;
    await provider.close();
    expect(await outcome).toMatchObject({ kind: 'unavailable' });
    expect(await provider.poll('abc', patient)).toMatchObject({ kind: 'unavailable' });
  });
});

test('a create under way survives the closing of the provider', async () => {
  const body = '{"id":"abc"}';
  const open: Socket[] = [];
  await using server = await startFaultyServer((socket) => open.push(socket));
  const provider = providerAt(`http://${server.host}`);
  const outcome = provider.create(request, patient);
  await server.requested;
  await provider.close();
  open[0]?.end(headOf(body.length) + body);
  expect(await outcome).toMatchObject({ kind: 'accepted', generationId: 'abc' });
});
