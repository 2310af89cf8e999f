import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile } from 'node:fs/promises';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { requireWritableTarget, saveVideo } from '../../src/client/save-video.ts';
import { openServiceClient } from '../../src/client/service-client.ts';
import { temporaryFolder } from '../run-cli.ts';

const file = Buffer.from('a video, as far as this test goes');
const job = {
  id: 'video_01k00000000000000000000000',
  video: { bytes: file.length, sha256: createHash('sha256').update(file).digest('hex') },
} as Parameters<typeof saveVideo>[1];

async function download(send: (response: ServerResponse) => void) {
  const folder = await temporaryFolder();
  onTestFinished(() => folder[Symbol.asyncDispose]());
  const server = createServer((_request, response) => send(response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const client = openServiceClient({
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    clientKey: null,
  });
  const target = join(folder.path, 'video.mp4');
  return { saved: saveVideo(client, job, target, AbortSignal.timeout(5_000)), target, folder: folder.path };
}

test('a whole file is saved under its name alone', async () => {
  const { saved, target, folder } = await download((response) => response.end(file));
  await saved;
  expect(await readFile(target)).toEqual(file);
  expect(await readdir(folder)).toEqual(['video.mp4']);
});

test.each([
  [
    'breaks off',
    (response: ServerResponse) =>
      response.writeHead(200, { 'content-length': 99 }).write(file, () => response.destroy()),
    /broke off/,
  ],
  ['is another file', (response: ServerResponse) => response.end(Buffer.from(file).reverse()), /differs/],
])('a download that %s leaves nothing behind and says how to try again', async (_what, send, message) => {
  const { saved, folder } = await download((response) => void send(response));
  await expect(saved).rejects.toMatchObject({
    message: expect.stringMatching(message),
    advice: expect.arrayContaining([expect.stringContaining(`jobs watch ${job.id}`)]),
  });
  expect(await readdir(folder)).toEqual([]);
});

test('a folder and a place without a folder are no targets', async () => {
  const folder = await temporaryFolder();
  onTestFinished(() => folder[Symbol.asyncDispose]());
  await mkdir(join(folder.path, 'taken'));
  await expect(requireWritableTarget(join(folder.path, 'taken'))).rejects.toThrow('is a folder');
  await expect(requireWritableTarget(join(folder.path, 'no', 'video.mp4'))).rejects.toThrow('not a folder');
});
