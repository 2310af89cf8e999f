import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { type JobToDownload, ServiceError } from '../src/index.ts';
import { download } from '../src/node/index.ts';
import { ended, id } from './job-fixture.ts';
import { clientOf, refusal, sendJson } from './scripted-service.ts';

const file = Buffer.from('a video, as far as this test goes');
const url = 'http://127.0.0.1/';
const job: JobToDownload = {
  id,
  status: 'completed',
  video: {
    url,
    watch_url: url,
    poster_url: null,
    content_type: 'video/mp4',
    bytes: file.length,
    sha256: createHash('sha256').update(file).digest('hex'),
    duration_seconds: 4,
    width: 16,
    height: 9,
  },
};

async function lengthOf(pieces: AsyncIterable<Uint8Array>): Promise<number> {
  let bytes = 0;
  for await (const piece of pieces) bytes += piece.byteLength;
  return bytes;
}

async function saving(send: (response: ServerResponse, request: IncomingMessage) => void, wanted = job) {
  const folder = await mkdtemp(join(tmpdir(), 'video-proxy-client-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const client = await clientOf((request, response) => send(response, request));
  const signal = AbortSignal.timeout(5_000);
  return { client, folder, saved: download(client, wanted, join(folder, 'video.mp4'), { signal }) };
}

test('a whole file is saved under its name alone', async () => {
  const { saved, folder } = await saving((response, request) =>
    response.end(request.url?.endsWith('/video') ? file : ''),
  );
  await saved;
  expect(await readdir(folder)).toEqual(['video.mp4']);
  expect(await readFile(join(folder, 'video.mp4'))).toEqual(file);
});

test.each([
  [
    'breaks off',
    (response: ServerResponse) =>
      response.writeHead(200, { 'content-length': 99 }).write(file, () => response.destroy()),
    'broke_off',
  ],
  ['ends too early', (response: ServerResponse) => response.end(file.subarray(1)), 'differs'],
  ['is another file', (response: ServerResponse) => response.end(Buffer.from(file).reverse()), 'differs'],
])('a download that %s leaves nothing on the disk', async (_what, send, reason) => {
  const { saved, folder } = await saving((response) => void send(response));
  await expect(saved).rejects.toMatchObject({ name: 'DownloadError', reason });
  expect(await readdir(folder)).toEqual([]);
});

test('a refusal is the error of the service, and leaves nothing on the disk', async () => {
  const { saved, folder } = await saving((response) => void sendJson(response, refusal('video_not_ready'), 404));
  await expect(saved).rejects.toThrow(ServiceError);
  expect(await readdir(folder)).toEqual([]);
});

test('a job without a video asks the service for nothing', async () => {
  const { saved } = await saving((response) => void response.destroy(), ended);
  await expect(saved).rejects.toMatchObject({ reason: 'no_video', message: expect.stringContaining(id) });
});

test('without a checksum at hand the length is checked', async () => {
  const { client, saved } = await saving((response) => response.end(file.subarray(1)));
  await expect(saved).rejects.toThrow();
  await expect(lengthOf(client.openVideo(job))).rejects.toMatchObject({ reason: 'differs' });
});
