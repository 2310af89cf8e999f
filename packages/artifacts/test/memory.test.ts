import { execFile } from 'node:child_process';
import { pipeline, Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { type Answer, startFileServer } from './file-server.ts';
import { fixture, openWorkspace } from './workspace.ts';

const megabyte = 1024 * 1024;

// The first file brings the garbage that V8 lets socket buffers become before it collects them: some 60 MB, more when the processor is busy.
test('after a video of 256 MB, one of 1 GB adds less than 50 MB of memory', { timeout: 120_000 }, async () => {
  const video = await fixture('faststart.mp4');
  await using first = await startFileServer(padded(video, 256 * megabyte));
  await using second = await startFileServer(padded(video, 1024 * megabyte));
  await using workspace = await openWorkspace();
  const probe = fileURLToPath(new URL('./memory-probe.ts', import.meta.url));

  const { stdout } = await promisify(execFile)(process.execPath, [probe, workspace.directory, first.url, second.url]);

  const { outcome, addedBytes } = JSON.parse(stdout);
  expect(outcome).toMatchObject({ kind: 'stored', video: { sizeBytes: video.length + 1024 * megabyte } });
  expect(addedBytes).toBeLessThan(50 * megabyte);
});

/** A video that is as valid as without the free space at its end. */
function padded(video: Buffer, paddingBytes: number): Answer {
  function* chunks(): Generator<Buffer> {
    const header = Buffer.from([0, 0, 0, 0, ...Buffer.from('free')]);
    header.writeUInt32BE(paddingBytes);
    const chunk = Buffer.alloc(megabyte);
    yield video;
    yield header;
    yield chunk.subarray(header.length);
    for (let sent = chunk.length; sent < paddingBytes; sent += chunk.length) yield chunk;
  }
  return (_request, response) => {
    response.writeHead(200, { 'content-length': video.length + paddingBytes });
    pipeline(Readable.from(chunks()), response, () => undefined);
  };
}
