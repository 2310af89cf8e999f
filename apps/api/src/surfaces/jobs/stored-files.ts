import {
  type ArtifactStorage,
  publicStatusOf,
  type StoredVideo,
  storedVideoOf,
  type VideoJob,
} from '@video-proxy/core';
import { z } from 'zod';
import type { FileToSend } from '../../http/send-file.ts';
import { problem, Refusal } from '../../problem.ts';
import type { SurfaceParts } from '../surface-parts.ts';
import { filenameOf } from './filename.ts';

/** `?download`, with any value or none, asks for a file to save. */
export const fileQuery = z.object({
  download: z.string().optional().meta({ description: 'Present, with any value: to be saved instead of shown.' }),
});

type FileQuery = z.output<typeof fileQuery>;
type FileParts = Pick<SurfaceParts, 'storage' | 'posterCards' | 'redirectsToStorage'>;

/** The stored file of a job, or the reason why there is none. */
export function videoToSend(job: VideoJob, { storage, redirectsToStorage }: FileParts, query: FileQuery): FileToSend {
  const video = storedVideo(job);
  const { storageKey, contentType, sizeBytes, sha256 } = video;
  return {
    storage,
    storageKey,
    contentType,
    sizeBytes,
    version: sha256,
    // Another attempt of a cancelled job brings another file to the same address.
    isFinal: job.lifecycle.state === 'completed',
    filename: filenameOf(job, contentType),
    asDownload: query.download !== undefined,
    redirects: redirectsToStorage,
  };
}

/** The still of a job's video, or a drawn card in its shape when there is none. */
export async function posterToSend(
  job: VideoJob,
  { storage, posterCards }: FileParts,
  query: FileQuery,
): Promise<FileToSend> {
  const video = storedVideo(job);
  const still =
    video.posterKey === undefined ? null : await pictureIn(storage, video.posterKey, `${video.sha256}.poster`);
  const card = cardFor(video);
  const picture = still ?? (await pictureIn(posterCards, card, card));
  if (picture === null) throw new Error('a drawn card is missing from this installation');
  const contentType = 'image/jpeg';
  return {
    ...picture,
    contentType,
    isFinal: still !== null && job.lifecycle.state === 'completed',
    filename: filenameOf(job, contentType),
    asDownload: query.download !== undefined,
    redirects: false,
  };
}

function storedVideo({ lifecycle }: VideoJob): StoredVideo {
  const video = storedVideoOf(lifecycle);
  if (video !== null) return video;
  const text = `There is no video: the job is ${publicStatusOf(lifecycle.state)} (${lifecycle.state}).`;
  throw new Refusal(problem('video_not_ready', text));
}

async function pictureIn(storage: ArtifactStorage, storageKey: string, version: string) {
  const found = await storage.stat(storageKey);
  return found === null ? null : { storage, storageKey, version, sizeBytes: found.sizeBytes };
}

function cardFor({ width, height }: StoredVideo): string {
  const ratio = width / height;
  return ratio > 1.2 ? 'poster-wide.jpg' : ratio < 0.85 ? 'poster-tall.jpg' : 'poster-square.jpg';
}
