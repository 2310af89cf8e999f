import { truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { verifyVideo } from '@video-proxy/artifacts';
import { describe, expect, test } from 'vitest';
import { inspectVideo } from '../src/inspect-video.ts';
import { fixture, openWorkspace } from './workspace.ts';

async function verdictOn(content: Uint8Array | string) {
  await using workspace = await openWorkspace();
  return await inspectVideo(await workspace.write('video', content));
}

describe('a video is valid', () => {
  test.each([
    ['faststart.mp4', 'video/mp4'],
    ['moov-at-end.mp4', 'video/mp4'],
    ['fragmented.mp4', 'video/mp4'],
    ['quicktime.mov', 'video/quicktime'],
    ['video.webm', 'video/webm'],
  ])('%s, as %s, with its duration and size', async (name, contentType) => {
    expect(await verdictOn(await fixture(name))).toEqual({
      kind: 'valid',
      contentType,
      durationSeconds: expect.closeTo(1, 1),
      width: 64,
      height: 48,
    });
  });

  test('with padding after its end', async () => {
    expect(await verdictOn(Buffer.concat([await fixture('faststart.mp4'), Buffer.alloc(100)]))).toMatchObject({
      kind: 'valid',
    });
  });
});

describe('what is not a video is named', () => {
  test.each([
    ['', 'an empty file instead of a video'],
    [`\ufeff\n<!DOCTYPE html><title>${'x'.repeat(1200)}`, 'an HTML page of 1.2 kB instead of a video'],
    ['<html lang="en"><h1>Sign in</h1></html>', 'an HTML page of 39 bytes instead of a video'],
    ['<?xml version="1.0"?><Error><Code>AccessDenied</Code></Error>', 'an XML document of 61 bytes instead of a video'],
    ['{"error":"expired"}', 'a JSON document of 19 bytes instead of a video'],
    ['#EXTM3U\n#EXT-X-ENDLIST', 'an HLS playlist of 22 bytes instead of a video'],
    ['Not found', 'a text of 9 bytes instead of a video'],
    [Buffer.from([0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10]), 'a PNG image of 8 bytes instead of a video'],
    [Buffer.alloc(3_400_000), 'unrecognised data of 3.4 MB instead of a video'],
  ])('%# by its finding', async (content, finding) => {
    expect(await verdictOn(content)).toMatchObject({ kind: 'invalid', finding });
  });

  test.each(['audio-only.mp4', 'audio-only.webm'])('%s', async (name) => {
    expect(await verdictOn(await fixture(name))).toMatchObject({
      kind: 'invalid',
      finding: 'an audio file instead of a video',
      cutOff: false,
    });
  });
});

describe('a video that is not whole is noticed', () => {
  test.each(['faststart.mp4', 'moov-at-end.mp4', 'quicktime.mov', 'video.webm'])('%s, cut anywhere', async (name) => {
    const content = await fixture(name);
    for (const share of [0.1, 0.5, 0.9]) {
      const cut = content.subarray(0, content.length * share);
      expect(await verdictOn(cut)).toMatchObject({
        kind: 'invalid',
        finding: expect.stringContaining('cut off'),
        cutOff: true,
      });
    }
    expect(await verdictOn(content.subarray(0, -1))).toMatchObject({ kind: 'invalid', cutOff: true });
  });

  test('an MP4 without its index', async () => {
    const content = await fixture('moov-at-end.mp4');
    expect(await verdictOn(content.subarray(0, content.indexOf('moov') - 4))).toEqual({
      kind: 'invalid',
      finding: 'an MP4 file without its index ("moov"), which no player can open',
      said: { code: 'file_without_index', facts: {} },
      cutOff: true,
    });
  });

  test('an MP4 without its pictures', async () => {
    const content = await fixture('faststart.mp4');
    expect(await verdictOn(content.subarray(0, content.indexOf('mdat') - 4))).toMatchObject({
      finding: expect.stringContaining('pictures'),
    });
  });

  test('an MP4 whose pictures reach "to the end of the file", which therefore cannot contradict its size', async () => {
    const content = await fixture('faststart.mp4');
    content.writeUInt32BE(0, content.indexOf('mdat') - 4);
    expect(await verdictOn(content)).toMatchObject({ kind: 'valid' });
    expect(await verdictOn(content.subarray(0, -1))).toEqual({
      kind: 'invalid',
      finding: 'a video file that lacks a part of what its index announces',
      said: { code: 'file_lacks_a_part', facts: {} },
      cutOff: true,
    });
  });
});

describe('a file made to harm the parser', () => {
  test('does not get its index of gigabytes loaded', async () => {
    await using workspace = await openWorkspace();
    const path = await workspace.write('video', box('moov', 2_000_000_000));
    await truncate(path, 2_000_000_000);
    expect(await verifyVideo(path)).toEqual({
      kind: 'invalid',
      finding: 'an MP4 file with an index of 2.0 GB',
      said: { code: 'file_large_index', facts: { bytes: 2_000_000_000 } },
      cutOff: false,
    });
  });

  test('exhausts a process that is not ours', async () => {
    await using workspace = await openWorkspace();
    const content = await fixture('faststart.mp4');
    // "4 294 967 295 pictures of this duration", which the parser would like to sort.
    content.writeUInt32BE(0xffffffff, content.indexOf('stts') + 12);
    const path = await workspace.write('video', content);
    expect(await verifyVideo(path)).toMatchObject({
      kind: 'invalid',
      finding: expect.stringMatching(/too much memory|too long/),
    });
  });
});

test('the examination in a process of its own comes to the same verdict', async () => {
  await using workspace = await openWorkspace();
  const path = await workspace.write('video', await fixture('faststart.mp4'));
  expect(await verifyVideo(path)).toEqual(await inspectVideo(path));
});

test('a file that cannot be read is an error, not an invalid video', async () => {
  await using workspace = await openWorkspace();
  await expect(verifyVideo(join(workspace.directory, 'missing'))).rejects.toThrow('ENOENT');
});

test('an abort ends the examination with its reason', async () => {
  await using workspace = await openWorkspace();
  const path = await workspace.write('video', await fixture('faststart.mp4'));
  await expect(verifyVideo(path, AbortSignal.abort(new Error('shutting down')))).rejects.toThrow('shutting down');
});

function box(type: string, sizeBytes: number): Buffer {
  const header = Buffer.alloc(8);
  header.writeUInt32BE(sizeBytes);
  header.write(type, 4, 'latin1');
  return header;
}
