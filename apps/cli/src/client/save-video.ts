import { access, constants, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { type Client, DownloadError } from '@video-proxy/client';
import { download } from '@video-proxy/client/node';
import type { VideoJobWire } from '@video-proxy/contracts';
import { Problem } from '../problem.ts';

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

/** Whole or not at all; and how to try again. */
export async function saveVideo(
  client: Pick<Client, 'openVideo'>,
  job: VideoJobWire,
  target: string,
  signal: AbortSignal,
): Promise<void> {
  try {
    await download(client, job, target, { signal });
  } catch (error) {
    if (!(error instanceof DownloadError)) throw error;
    throw new Problem(error.message, [`Try again with: npx video-proxy jobs watch ${job.id} --out ${target}`]);
  }
}
