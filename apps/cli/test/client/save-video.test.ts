import { mkdir } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { openClient } from '@video-proxy/client';
import type { VideoJobWire } from '@video-proxy/contracts';
import { expect, onTestFinished, test } from 'vitest';
import { requireWritableTarget, saveVideo } from '../../src/client/save-video.ts';
import { temporaryFolder } from '../run-cli.ts';

test('a download that did not succeed says how to try again', async () => {
  const folder = await temporaryFolder();
  onTestFinished(() => folder[Symbol.asyncDispose]());
  const target = join(folder.path, 'video.mp4');
  const server = createServer((_request, response) => {
    response.writeHead(200, { 'content-length': 99 }).write('a vid', () => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const client = openClient({ baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });
  const job = { id: 'video_01k00000000000000000000000', video: { bytes: 99, sha256: '' } } as VideoJobWire;
  await expect(saveVideo(client, job, target, AbortSignal.timeout(5_000))).rejects.toMatchObject({
    message: expect.stringContaining('broke off after 5 of 99 bytes'),
    advice: [`Try again with: npx video-proxy jobs watch ${job.id} --out ${target}`],
  });
});

test('a folder and a place without a folder are no targets', async () => {
  const folder = await temporaryFolder();
  onTestFinished(() => folder[Symbol.asyncDispose]());
  await mkdir(join(folder.path, 'taken'));
  await expect(requireWritableTarget(join(folder.path, 'taken'))).rejects.toThrow('is a folder');
  await expect(requireWritableTarget(join(folder.path, 'no', 'video.mp4'))).rejects.toThrow('not a folder');
});
