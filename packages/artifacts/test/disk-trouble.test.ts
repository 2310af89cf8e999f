import { stat, statfs, writeFile } from 'node:fs/promises';
import { StorageUnavailableError } from '@video-proxy/core';
import { expect, test } from 'vitest';
import { assertRoom, diskTrouble } from '../src/disk-trouble.ts';
import { openBench, video } from './fetcher-bench.ts';
import { startFileServer } from './file-server.ts';
import { openWorkspace } from './workspace.ts';

const hasFullDevice = await stat('/dev/full').then(
  () => true,
  () => false,
);

test.runIf(hasFullDevice)('a full disk is told as that', async () => {
  const written = writeFile('/dev/full', 'a film').catch(diskTrouble);
  await expect(written).rejects.toThrow(StorageUnavailableError);
  await expect(written).rejects.toMatchObject({ finding: 'the disk is full (ENOSPC)' });
});

test('what is no trouble of a disk stays what it is', () => {
  expect(() => diskTrouble(new TypeError('a mistake'))).toThrow(TypeError);
});

test('there has to be room for what is to come', async () => {
  await using workspace = await openWorkspace();
  const { bavail, bsize } = await statfs(workspace.directory);
  await assertRoom(workspace.directory);
  await expect(assertRoom(workspace.directory, bavail * bsize)).rejects.toMatchObject({
    finding: expect.stringMatching(/^the disk has less than \d+ MB left$/),
  });
});

test('a file that announces more than the disk has room for is not begun', async () => {
  await using server = await startFileServer((_request, response) => {
    response.writeHead(200, { 'content-length': 10 ** 15 });
    response.write(video);
  });
  await using bench = await openBench(server, { sizeBytesMax: Number.MAX_SAFE_INTEGER });
  expect(await bench.fetch()).toMatchObject({ kind: 'no_storage' });
  expect(await bench.temporaryFiles()).toEqual([]);
});
