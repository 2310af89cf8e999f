import { createHash, randomUUID } from 'node:crypto';
import { open, rename, rm } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { Client } from '../client.ts';
import type { JobToDownload } from '../open-video.ts';

export interface Downloading {
  readonly signal?: AbortSignal;
}

type VideoOpener = Pick<Client, 'openVideo'>;

/** The file of a completed job, piece by piece; ends with a DownloadError when its length or its SHA-256 is another. */
export function openCheckedVideo(
  client: VideoOpener,
  job: JobToDownload,
  options: Downloading = {},
): AsyncGenerator<Uint8Array> {
  return client.openVideo(job, { ...options, sha256: createHash('sha256') });
}

/** Saves the video next to its target and renames it when it is the right one: whole or not at all. */
export async function download(
  client: VideoOpener,
  job: JobToDownload,
  target: string,
  options: Downloading = {},
): Promise<void> {
  const path = resolve(target);
  const partial = join(dirname(path), `.${job.id}.${randomUUID().slice(0, 8)}.part`);
  try {
    await write(partial, openCheckedVideo(client, job, options));
    await rename(partial, path);
  } catch (error) {
    await rm(partial, { force: true });
    throw error;
  }
}

async function write(path: string, pieces: AsyncIterable<Uint8Array>): Promise<void> {
  await using file = await open(path, 'wx');
  for await (const piece of pieces) await file.writeFile(piece);
  await file.sync();
}
