import { buffer } from 'node:stream/consumers';
import { createArtifactFetcher, openFileStorage } from '@video-proxy/artifacts';
import { expect, test } from 'vitest';
import { jobId, openBench, storedVideo, video } from './fetcher-bench.ts';
import { startFileServer, status, whole } from './file-server.ts';
import { fixture, openWorkspace } from './workspace.ts';

test('a video is stored as it came, described, and leaves no temporary file', async () => {
  await using server = await startFileServer(whole(video));
  await using bench = await openBench(server);

  expect(await bench.fetch()).toEqual(storedVideo);

  const kept = (await bench.storage.open(`kf/${jobId}.mp4`)) ?? expect.fail('the video is in the storage');
  expect((await buffer(kept)).equals(video)).toBe(true);
  expect(await bench.temporaryFiles()).toEqual([]);
  expect(await bench.rejectedFiles()).toEqual([]);
});

test('the link is asked with GET, once, with its query and without any credential', async () => {
  await using server = await startFileServer(whole(video, { 'set-cookie': 'session=1' }));
  await using bench = await openBench(server);
  await bench.fetch();
  await bench.fetch();
  expect(server.requests.map(({ method, url }) => `${method} ${url}`)).toEqual(
    Array(2).fill('GET /video.mp4?Expires=600'),
  );
  for (const { headers } of server.requests) {
    expect(Object.keys(headers).toSorted()).toEqual(['accept', 'accept-encoding', 'connection', 'host', 'user-agent']);
  }
});

test.each([
  ['no length', { 'content-type': 'video/mp4' }],
  ['a wrong content type', { 'content-type': 'text/html; charset=utf-8' }],
  ['no content type', {}],
])('a video that comes with %s is a video all the same', async (_what, headers) => {
  await using server = await startFileServer((_request, response) => {
    response.writeHead(200, headers);
    // Node announces no length for a body in two parts.
    response.write(video.subarray(0, 3000));
    response.end(video.subarray(3000));
  });
  await using bench = await openBench(server);
  expect(await bench.fetch()).toEqual(storedVideo);
});

test.each([
  [
    'an HTML page',
    Buffer.from(`<!doctype html><title>Sign in</title>${' '.repeat(1163)}`),
    'an HTML page of 1.2 kB instead of a video',
    { code: 'file_not_a_video', facts: { kind: 'html', bytes: 1200 } },
  ],
  [
    'a JSON document',
    Buffer.from('{"error":"no"}'),
    'a JSON document of 14 bytes instead of a video',
    { code: 'file_not_a_video', facts: { kind: 'json', bytes: 14 } },
  ],
  ['nothing', Buffer.alloc(0), 'an empty file instead of a video', { code: 'file_empty', facts: {} }],
  [
    'half a video',
    video.subarray(0, 4000),
    `an MP4 file that is cut off: 4000 of at least ${video.length} bytes`,
    { code: 'file_cut_off', facts: { bytes: 4000, bytes_min: video.length } },
  ],
  [
    'sound only',
    await fixture('audio-only.mp4'),
    'an audio file instead of a video',
    { code: 'file_only_sound', facts: {} },
  ],
])('%s is invalid, is kept aside and is not stored', async (_what, content, finding, said) => {
  await using server = await startFileServer(whole(content));
  await using bench = await openBench(server);
  const outcome = await bench.fetch();
  expect(outcome).toEqual({ kind: 'invalid', finding, said, keptAs: expect.stringContaining(jobId) });
  expect(await bench.storage.stat(`kf/${jobId}.mp4`)).toBeNull();
  expect(await bench.temporaryFiles()).toEqual([]);
  const kept = await bench.rejectedFiles();
  expect(kept.map((name) => `rejected/${name}`)).toEqual(['keptAs' in outcome && outcome.keptAs]);
});

test.each([400, 401, 403, 404, 410, 451, 204, 300, 304])('status %i: the link is gone', async (statusCode) => {
  await using server = await startFileServer(status(statusCode));
  await using bench = await openBench(server);
  const finding = `The link does not work (any more): status ${statusCode}`;
  expect(await bench.fetch()).toEqual({
    kind: 'gone',
    finding,
    said: { code: 'download_dead_link', facts: { status: statusCode } },
  });
  expect(server.requests).toHaveLength(1);
});

test.each([202, 408, 425, 429, 500, 502, 503, 524])('status %i: the link may work later', async (statusCode) => {
  await using server = await startFileServer(status(statusCode));
  await using bench = await openBench(server);
  expect(await bench.fetch()).toEqual({
    kind: 'unavailable',
    finding: `The file server answered with status ${statusCode}`,
    said: { code: 'download_status', facts: { status: statusCode } },
  });
  expect(server.requests).toHaveLength(1);
  expect(await bench.temporaryFiles()).toEqual([]);
});

test('nobody listening: the link may work later, and the finding does not name it', async () => {
  const server = await startFileServer(status(200));
  await using bench = await openBench(server);
  await server[Symbol.asyncDispose]();
  expect(await bench.fetch()).toEqual({
    kind: 'unavailable',
    finding: 'The file server refuses connections',
    said: { code: 'download_refused', facts: { error: 'ECONNREFUSED' } },
  });
});

test.each(['', 'not a link', 'ftp://example.com/video.mp4', 'file:///etc/passwd', 'data:video/mp4;base64,AAAA'])(
  'the link %j is gone without a request',
  async (link) => {
    await using server = await startFileServer(whole(video));
    await using bench = await openBench(server);
    expect(await bench.fetch(link)).toEqual({
      kind: 'gone',
      finding: 'The link is not a web address',
      said: { code: 'download_no_address', facts: {} },
    });
  },
);

test('two fetches for one job at once both end with the whole video', async () => {
  await using server = await startFileServer(whole(video));
  await using bench = await openBench(server);
  expect(await Promise.all([bench.fetch(), bench.fetch()])).toEqual([storedVideo, storedVideo]);
  expect(await bench.storage.stat(`kf/${jobId}.mp4`)).toEqual({ sizeBytes: video.length });
  expect(await bench.temporaryFiles()).toEqual([]);
});

test('a storage that fails is told from a bad file, and leaves no temporary file', async () => {
  await using server = await startFileServer(whole(video));
  await using workspace = await openWorkspace();
  const occupied = await workspace.write('videos', 'a file where the storage wants its directory');
  await using fetcher = createArtifactFetcher({
    storage: openFileStorage({ directory: occupied }),
    temporaryDirectory: `${workspace.directory}/tmp`,
    limits: { sizeBytesMax: 1e6, timeoutMs: 60_000, idleTimeoutMs: 20_000 },
    searchPath: '',
    allowedOrigins: [server.origin],
  });
  expect(await fetcher.fetch({ jobId, attempt: 1, url: server.url }, new AbortController().signal)).toEqual({
    kind: 'no_storage',
    finding: 'there is a file where a folder should be (ENOTDIR)',
    said: { code: 'storage_ENOTDIR', facts: { error: 'ENOTDIR' } },
  });
  expect(await workspace.list('tmp')).toEqual([]);
});
