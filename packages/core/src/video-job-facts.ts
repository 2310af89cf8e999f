import type { Cancelling, Lifecycle, StoredVideo, VideoJobIdentity } from './video-job.ts';

/** The id the provider sees for one attempt; its logs can be searched by it (docs, `X-Client-Request-Id`). */
export function clientRequestIdOf(job: Pick<VideoJobIdentity, 'id' | 'attempt'>): string {
  return `${job.id}.${job.attempt}`;
}

/** The generation this job is following or has followed, in whatever state it is. */
export function generationIdOf(lifecycle: Lifecycle): string | null {
  const now = followedOf(lifecycle);
  return 'generationId' in now ? now.generationId : null;
}

/** Every file that belongs to a video and goes with it; none where there is no video. */
export function storageKeysOf(video: StoredVideo | null): readonly string[] {
  if (video === null) return [];
  const { storageKey, posterKey } = video;
  return posterKey === undefined ? [storageKey] : [posterKey, storageKey];
}

/** The file that was stored for a job: also that of a cancelled one whose generation could not be stopped any more. */
export function storedVideoOf(lifecycle: Lifecycle): StoredVideo | null {
  return lifecycle.state === 'completed' || lifecycle.state === 'cancelled' ? lifecycle.video : null;
}

/** What is to be done for a job is decided by the state it is in; for a cancelled one by the state that is followed to its end. */
export function followedOf(lifecycle: Lifecycle): Exclude<Lifecycle, Cancelling> {
  return lifecycle.state === 'cancelling' ? lifecycle.following : lifecycle;
}

/** Until when an ended job is still looked at, or null. */
export function watchedUntilMsOf(lifecycle: Lifecycle): number | null {
  return 'watchedUntilMs' in lifecycle ? (lifecycle.watchedUntilMs ?? null) : null;
}

/** Whether the video came, or is being fetched, after the job had ended without it. */
export function isLate(lifecycle: Lifecycle): boolean {
  return 'late' in lifecycle && lifecycle.late === true;
}

/** What the provider holds or has charged for a job in US dollars; null when that is not known or was given back. */
export function heldUsdOf(lifecycle: Lifecycle): number | null {
  const now = followedOf(lifecycle);
  if (now.state === 'failed' && now.failure.billed === 'no') return null;
  if (now.state === 'cancelled' && now.billed === 'no') return null;
  return 'usage' in now ? (now.usage?.heldUsd ?? null) : null;
}
