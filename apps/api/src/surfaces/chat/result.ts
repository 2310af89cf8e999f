import type { VideoJobWire } from '@video-proxy/contracts';
import { requestIdsOf } from '../job-in-words.ts';

/** The end of a job as the user reads it. */
export function resultOf(job: VideoJobWire): string {
  if (job.video === null) return failureOf(job);
  const { watch_url: watch, poster_url: poster } = job.video;
  const picture = poster === null ? '' : `[![video](${poster})](${watch})\n\n`;
  return `${picture}[▶ ${job.model}](${watch})`;
}

function failureOf(job: VideoJobWire): string {
  return `${job.error?.message ?? 'There is no video.'} (${requestIdsOf(job)})`;
}

/** For an answer that ends before the video does. */
export function notYet({ links }: VideoJobWire): string {
  return `The video is still being made; it can be watched here: ${links.watch}`;
}

/** How it is coming along, in a short line. */
export function progressOf({
  phase,
  progress,
  hold,
  queue_position: position,
  eta_seconds: etaSeconds,
}: VideoJobWire): string {
  if (hold !== null) return hold.message;
  if (phase === 'queued') return position === null ? 'waiting' : `waiting, place ${position}`;
  const left = etaSeconds === null ? '' : `, about ${etaSeconds} s left`;
  return `${phase} ${progress} %${left}`;
}
