import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { type FetcherBench, openBench, storedVideo, video } from './fetcher-bench.ts';
import { cutAfter, ranges, startFileServer, status, whole } from './file-server.ts';
import { fixture } from './workspace.ts';

const half = 3000;

test('a broken download goes on where it stopped, if the file is still the same', async () => {
  await using server = await startFileServer(
    cutAfter(half, video, () => bench.arrived(half)),
    ranges(video),
  );
  await using bench: FetcherBench = await openBench(server);
  expect(await bench.fetch()).toEqual(storedVideo);
  expect(server.requests[1]?.headers).toMatchObject({ range: `bytes=${half}-`, 'if-range': '"1"' });
  expect(server.requests).toHaveLength(2);
});

test('without a strong tag, the date of the file tells whether it is still the same', async () => {
  const headers = { etag: 'W/"1"', 'last-modified': 'Fri, 05 Dec 2025 13:46:30 GMT' };
  await using server = await startFileServer(
    cutAfter(half, video, () => bench.arrived(half), headers),
    ranges(video, headers),
  );
  await using bench: FetcherBench = await openBench(server);
  expect(await bench.fetch()).toEqual(storedVideo);
  expect(server.requests[1]?.headers['if-range']).toBe('Fri, 05 Dec 2025 13:46:30 GMT');
});

test('without either, the download starts over', async () => {
  await using server = await startFileServer(
    cutAfter(half, video, () => bench.arrived(half), {}),
    whole(video, {}),
  );
  await using bench: FetcherBench = await openBench(server);
  expect(await bench.fetch()).toEqual(storedVideo);
  expect(server.requests[1]?.headers).not.toHaveProperty('range');
});

test('a server that answers a range with the whole file makes it start over', async () => {
  await using server = await startFileServer(
    cutAfter(half, video, () => bench.arrived(half)),
    whole(video),
  );
  await using bench: FetcherBench = await openBench(server);
  expect(await bench.fetch()).toEqual(storedVideo);
});

test('a file that has changed meanwhile is never mixed with what it was', async () => {
  const changed = await fixture('moov-at-end.mp4');
  await using server = await startFileServer(
    cutAfter(half, video, () => bench.arrived(half)),
    ranges(changed, { etag: '"2"' }),
  );
  await using bench: FetcherBench = await openBench(server);
  const sha256 = createHash('sha256').update(changed).digest('hex');
  expect(await bench.fetch()).toMatchObject({ kind: 'stored', video: { sha256, sizeBytes: changed.length } });
});

test.each([
  ['another range than asked for', 206, { 'content-range': `bytes 10-20/${video.length}`, etag: '"1"' }],
  [
    'a range of another version',
    206,
    { 'content-range': `bytes ${half}-${video.length - 1}/${video.length}`, etag: '"2"' },
  ],
  ['a range it does not describe', 206, {}],
  ['the news that there is no such range', 416, { 'content-range': `bytes */${video.length}` }],
])('a server that answers with %s is asked for the whole file', async (_what, statusCode, headers) => {
  await using server = await startFileServer(
    cutAfter(half, video, () => bench.arrived(half)),
    status(statusCode, headers),
    whole(video),
  );
  await using bench: FetcherBench = await openBench(server);
  expect(await bench.fetch()).toEqual(storedVideo);
  expect(server.requests[2]?.headers).not.toHaveProperty('range');
});

test('a server that is overloaded when the download wants to go on is asked again', async () => {
  await using server = await startFileServer(
    cutAfter(half, video, () => bench.arrived(half)),
    status(503),
    ranges(video),
  );
  await using bench: FetcherBench = await openBench(server);
  expect(await bench.fetch()).toEqual(storedVideo);
  expect(server.requests[2]?.headers.range).toBe(`bytes=${half}-`);
});

test('a link that expires in the middle is gone', async () => {
  await using server = await startFileServer(
    cutAfter(half, video, () => bench.arrived(half)),
    status(403),
  );
  await using bench: FetcherBench = await openBench(server);
  expect(await bench.fetch()).toMatchObject({ kind: 'gone' });
  expect(await bench.temporaryFiles()).toEqual([]);
});

test('a connection that breaks every time is given up after five tries', { timeout: 20_000 }, async () => {
  await using server = await startFileServer(cutAfter(half, video, () => Promise.resolve()));
  await using bench: FetcherBench = await openBench(server);
  expect(await bench.fetch()).toMatchObject({
    kind: 'unavailable',
    finding: expect.stringContaining('connection'),
    said: { code: 'download_broken' },
  });
  expect(server.requests).toHaveLength(5);
  expect(await bench.temporaryFiles()).toEqual([]);
});

test('half a video from a server that never says where it ends is a broken download, not a broken video', async () => {
  await using server = await startFileServer((_request, response) => {
    response.useChunkedEncodingByDefault = false;
    response.writeHead(200, { connection: 'close' }).end(video.subarray(0, half));
  });
  await using bench: FetcherBench = await openBench(server);
  expect(await bench.fetch()).toMatchObject({
    kind: 'unavailable',
    said: { code: 'download_ended_early', facts: { part: 'file_cut_off' } },
    finding: expect.stringContaining('The download ended early'),
  });
  expect(await bench.rejectedFiles()).toEqual([]);
});
