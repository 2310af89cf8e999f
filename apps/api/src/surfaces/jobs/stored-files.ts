import {
  type ArtifactStorage,
  publicStatusOf,
  type StoredVideo,
  storedVideoOf,
  type VideoJob,
} from '@video-proxy/core';
import type { VideoToSend } from '../../http/send-video.ts';
import { problem, Refusal } from '../../problem.ts';

/** The stored file of a job, or the reason why there is none. */
export function videoToSend({ lifecycle }: VideoJob) {
  const video = storedVideoOf(lifecycle);
  if (video !== null) return video;
  const text = `There is no video: the job is ${publicStatusOf(lifecycle.state)} (${lifecycle.state}).`;
  throw new Refusal(problem('video_not_ready', text));
}

/** The still of a job's video, or a drawn card in its shape when there is none. */
export async function posterToSend(
  job: VideoJob,
  storage: ArtifactStorage,
  cards: ArtifactStorage,
): Promise<VideoToSend> {
  const video = videoToSend(job);
  const still = video.posterKey === undefined ? null : await pictureIn(storage, video.posterKey, video);
  const poster = still ?? (await pictureIn(cards, cardFor(video), video));
  if (poster === null) throw new Error('a drawn card is missing from this installation');
  return { ...poster, filename: `${job.id}.jpg` };
}

async function pictureIn(storage: ArtifactStorage, storageKey: string, video: StoredVideo) {
  const found = await storage.stat(storageKey);
  if (found === null) return null;
  const isStill = storageKey === video.posterKey;
  // A still never changes either, and one of another content has another video.
  const sha256 = isStill ? `${video.sha256}.poster` : storageKey;
  return { storage, video: { ...video, storageKey, contentType: 'image/jpeg', sizeBytes: found.sizeBytes, sha256 } };
}

function cardFor({ width, height }: StoredVideo): string {
  const ratio = width / height;
  return ratio > 1.2 ? 'poster-wide.jpg' : ratio < 0.85 ? 'poster-tall.jpg' : 'poster-square.jpg';
}
