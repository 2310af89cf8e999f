import { execFileSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { describe, expect, test } from 'vitest';
import { drawPoster } from '../src/draw-poster.ts';
import { jobId, openBench, storedVideo, video } from './fetcher-bench.ts';
import { startFileServer, whole } from './file-server.ts';
import { fixture, openWorkspace } from './workspace.ts';

const searchPath = process.env['PATH'] ?? '';
const hasFfmpeg = isThere('ffmpeg');
const goOn = new AbortController().signal;

function isThere(program: string): boolean {
  try {
    execFileSync(program, ['-version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

const isJpeg = (bytes: Uint8Array) => Buffer.from(bytes.subarray(0, 3)).toString('hex') === 'ffd8ff';

describe.skipIf(!hasFfmpeg)('a poster (needs ffmpeg)', () => {
  test.each([
    ['faststart.mp4', 'video/mp4'],
    ['fragmented.mp4', 'video/mp4'],
    ['moov-at-end.mp4', 'video/mp4'],
    ['quicktime.mov', 'video/quicktime'],
    ['video.webm', 'video/webm'],
  ] as const)('is a still of %s', async (name, contentType) => {
    await using workspace = await openWorkspace();
    const path = await workspace.write(name, await fixture(name));
    const poster = join(workspace.directory, 'poster.jpg');
    expect(await drawPoster(path, poster, { contentType, durationSeconds: 1, searchPath }, goOn)).toBe(true);
    expect(isJpeg(await readFile(poster))).toBe(true);
  });

  test('is kept beside the video, and the temporary one is gone', async () => {
    await using server = await startFileServer(whole(video));
    await using bench = await openBench(server, {}, searchPath);
    const outcome = await bench.fetch();
    const posterKey = `kf/${jobId}.jpg`;
    expect(outcome).toEqual({ ...storedVideo, video: { ...('video' in storedVideo && storedVideo.video), posterKey } });
    const kept = (await bench.storage.open(posterKey)) ?? expect.fail('the poster is in the storage');
    expect(isJpeg(await buffer(kept))).toBe(true);
    expect(await bench.temporaryFiles()).toEqual([]);
  });

  test('is not made of what is no video, and nothing of it is left', async () => {
    await using workspace = await openWorkspace();
    // A playlist would make ffmpeg open other files.
    const path = await workspace.write('list.mp4', '#EXTM3U\n#EXTINF:1,\nfile:///etc/hostname\n');
    const poster = join(workspace.directory, 'poster.jpg');
    const options = { contentType: 'video/mp4', durationSeconds: 1, searchPath } as const;
    expect(await drawPoster(path, poster, options, goOn)).toBe(false);
    expect(await workspace.list('.')).toEqual(['list.mp4']);
  });
});

test('without ffmpeg the video is stored without a poster', async () => {
  await using server = await startFileServer(whole(video));
  await using bench = await openBench(server);
  expect(await bench.fetch()).toEqual(storedVideo);
});
