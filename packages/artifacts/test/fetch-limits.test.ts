import { pipeline, Readable } from 'node:stream';
import { expect, test } from 'vitest';
import { openBench, storedVideo, video } from './fetcher-bench.ts';
import { type Answer, ranges, startFileServer, status, whole } from './file-server.ts';

const tooLarge = {
  kind: 'invalid',
  finding: 'a file of more than 1.0 MB, the limit for a video',
  said: { code: 'file_too_large', facts: { bytes_max: 1e6 } },
};

/** Sends without end, as fast as it is read. */
const endless: Answer = (_request, response) => {
  const chunk = Buffer.alloc(64 * 1024);
  const forEver = new Readable({
    read() {
      this.push(chunk);
    },
  });
  // How it ends is up to the other side.
  pipeline(forEver, response, () => undefined);
};

test('a body without end is left at the size limit, and nothing is kept of it', async () => {
  await using server = await startFileServer(endless);
  await using bench = await openBench(server, { sizeBytesMax: 1_000_000 });
  expect(await bench.fetch()).toEqual(tooLarge);
  expect(await bench.temporaryFiles()).toEqual([]);
  expect(await bench.rejectedFiles()).toEqual([]);
});

test('a file announced as too large is not downloaded at all', async () => {
  await using server = await startFileServer((_request, response) => {
    response.writeHead(200, { 'content-length': 1_000_001 }).flushHeaders();
  });
  await using bench = await openBench(server, { sizeBytesMax: 1_000_000 });
  expect(await bench.fetch()).toEqual(tooLarge);
});

test('a file exactly at the limit is taken', async () => {
  await using server = await startFileServer(whole(video));
  await using bench = await openBench(server, { sizeBytesMax: video.length });
  expect(await bench.fetch()).toEqual(storedVideo);
});

test('a server that does not answer is given up after the idle time', async () => {
  await using server = await startFileServer(() => undefined);
  await using bench = await openBench(server, { idleTimeoutMs: 50 });
  expect(await bench.fetch()).toMatchObject({
    kind: 'unavailable',
    finding: 'The file server does not answer',
    said: { code: 'download_unanswered' },
  });
});

test('a server that stops in the middle is asked for the rest after the idle time', async () => {
  const stalling: Answer = (_request, response) => {
    response.writeHead(200, { 'content-length': video.length, etag: '"1"' });
    response.write(video.subarray(0, 3000));
  };
  await using server = await startFileServer(stalling, ranges(video));
  await using bench = await openBench(server, { idleTimeoutMs: 200 });
  expect(await bench.fetch()).toEqual(storedVideo);
});

test('a server that keeps sending a little is given up when the total time is over', async () => {
  const trickling: Answer = (_request, response) => {
    response.writeHead(200, { 'content-length': video.length });
    const timer = setInterval(() => response.write('.'), 20);
    response.on('close', () => clearInterval(timer));
  };
  await using server = await startFileServer(trickling);
  await using bench = await openBench(server, { timeoutMs: 300 });
  expect(await bench.fetch()).toEqual({
    kind: 'unavailable',
    finding: 'The download was not finished within 0.3 s',
    said: { code: 'download_too_slow', facts: { seconds: 0.3 } },
  });
  expect(await bench.temporaryFiles()).toEqual([]);
});

test('an abort in the middle rejects with its reason and leaves no temporary file', async () => {
  const shutdown = new AbortController();
  await using server = await startFileServer((_request, response) => {
    response.writeHead(200, { 'content-length': video.length });
    response.write(video.subarray(0, 3000));
    shutdown.abort(new Error('shutting down'));
  });
  await using bench = await openBench(server);
  await expect(bench.fetch(server.url, shutdown.signal)).rejects.toThrow('shutting down');
  expect(await bench.temporaryFiles()).toEqual([]);
});

test('an abort that came before makes no request', async () => {
  await using server = await startFileServer(whole(video));
  await using bench = await openBench(server);
  await expect(bench.fetch(server.url, AbortSignal.abort(new Error('too late')))).rejects.toThrow('too late');
  expect(server.requests).toHaveLength(0);
});

test('redirects are followed, relative ones too', async () => {
  await using server = await startFileServer(
    status(302, { location: '/elsewhere' }),
    status(307, { location: 'deeper/video.mp4?signature=1' }),
    whole(video),
  );
  await using bench = await openBench(server);
  expect(await bench.fetch()).toEqual(storedVideo);
  expect(server.requests.map(({ url }) => url)).toEqual([
    '/video.mp4?Expires=600',
    '/elsewhere',
    '/deeper/video.mp4?signature=1',
  ]);
});

test('the sixth redirect is one too many', async () => {
  await using server = await startFileServer(status(302, { location: '/again' }));
  await using bench = await openBench(server);
  expect(await bench.fetch()).toMatchObject({
    kind: 'gone',
    finding: 'The link redirects more than 5 times',
    said: { code: 'download_redirects' },
  });
  expect(server.requests).toHaveLength(6);
});

test('a redirect into a private network is not followed, and the finding does not name the address', async () => {
  await using neighbour = await startFileServer(whole(video));
  const { port } = new URL(neighbour.origin);
  const privatePlaces = [
    `https://127.0.0.1:${port}/`,
    `https://localhost:${port}/`,
    `https://[::1]:${port}/`,
    `//127.0.0.1:${port}/`,
  ];
  for (const location of privatePlaces) {
    await using server = await startFileServer(status(302, { location }));
    await using bench = await openBench(server);
    const outcome = await bench.fetch();
    expect(outcome).toMatchObject({
      said: { code: 'download_forbidden_place' },
      kind: 'gone',
      finding: expect.stringMatching(/^The link leads to an address .*does not go$/),
    });
    expect(JSON.stringify(outcome)).not.toContain(port);
  }
  expect(neighbour.connectionCount).toBe(0);
});

test('a redirect to a local file is not followed', async () => {
  await using server = await startFileServer(status(302, { location: 'file:///etc/passwd' }));
  await using bench = await openBench(server);
  expect(await bench.fetch()).toMatchObject({ kind: 'gone', finding: 'The link is not a web address' });
});
