import { createHash, randomUUID } from 'node:crypto';
import { access, constants, open, rename, rm, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { VideoJobWire } from '@video-proxy/contracts';
import { Problem } from '../problem.ts';
import type { ServiceClient } from './service-client.ts';

/** Said before anything is paid for: a video that cannot be saved afterwards is a sad thing. */
export async function requireWritableTarget(path: string): Promise<string> {
  const target = resolve(path);
  const existing = await stat(target).catch(() => null);
  if (existing?.isDirectory() === true) throw new Problem(`${target} is a folder`, ['Name a file with --out.']);
  await access(dirname(target), constants.W_OK).catch(() => {
    throw new Problem(`${dirname(target)} is not a folder one can write to`, ['Choose another place with --out.']);
  });
  return target;
}

/** Downloads the finished video next to its target and renames it when length and checksum are right: whole or not at all. */
export async function saveVideo(
  client: ServiceClient,
  job: VideoJobWire & { readonly video: NonNullable<VideoJobWire['video']> },
  target: string,
  signal: AbortSignal,
): Promise<void> {
  const response = await client.video(job.id, signal);
  const partial = join(dirname(target), `.${job.id}.${randomUUID().slice(0, 8)}.part`);
  const hash = createHash('sha256');
  let bytes = 0;
  const file = await open(partial, 'wx');
  try {
    for await (const chunk of response.body ?? []) {
      hash.update(chunk);
      bytes += chunk.byteLength;
      await file.write(chunk);
    }
    await file.sync();
  } catch (error) {
    await rm(partial, { force: true });
    signal.throwIfAborted();
    throw new Problem(`The download broke off after ${bytes} of ${job.video.bytes} bytes`, [
      `Try again with: npx video-proxy jobs watch ${job.id} --out ${target}`,
      ...(error instanceof Error ? [error.message] : []),
    ]);
  } finally {
    await file.close();
  }
  if (bytes !== job.video.bytes || hash.digest('hex') !== job.video.sha256) {
    await rm(partial, { force: true });
    throw new Problem('The downloaded file differs from the one the service has stored', [
      `Try again with: npx video-proxy jobs watch ${job.id} --out ${target}`,
    ]);
  }
  await rename(partial, target);
}
