import type { VideoJobWire } from '@video-proxy/contracts';
import {
  generationIdOf,
  heldUsdOf,
  isLate,
  type Lifecycle,
  progressOf,
  publicStatusOf,
  remainingMsOf,
  type StoredVideo,
  storedVideoOf,
  type VideoJob,
} from '@video-proxy/core';
import { watchTokenOf } from '../video-jobs/index.ts';
import { presentError } from './error.ts';
import { presentHold } from './hold.ts';
import { presentParameters } from './parameters.ts';
import { unixSeconds, type View } from './view.ts';

/** A job as its owner sees it, in the one shape of `/v1/jobs`. Every key is always there; times are unix seconds. */
export function presentVideoJob(job: VideoJob, view: View): VideoJobWire {
  const { lifecycle } = job;
  const links = linksOf(job, view.baseUrl);
  return {
    id: job.id,
    object: 'video.job',
    status: publicStatusOf(lifecycle.state),
    phase: lifecycle.state,
    provider: job.provider,
    model: job.model,
    prompt: job.prompt,
    parameters: presentParameters(job.parameters),
    metadata: job.metadata,
    progress: progressOf(lifecycle, view.expectedMs, view.nowMs),
    queue_position: lifecycle.state === 'queued' ? view.queuePosition : null,
    eta_seconds: etaSecondsOf(lifecycle, view),
    created_at: unixSeconds(job.createdAtMs),
    ...timesOf(lifecycle, view),
    attempt: job.attempt,
    late: isLate(lifecycle),
    hold: lifecycle.state === 'queued' ? presentHold(job, lifecycle, view) : null,
    generation_id: generationIdOf(lifecycle),
    video: lifecycle.state === 'completed' ? presentVideo(lifecycle.video, links.watch) : null,
    error: presentError(lifecycle),
    cost: { estimated_usd: null, held_usd: heldUsdOf(lifecycle) },
    links,
    request_id: job.requestId,
  };
}

export function watchUrlOf(job: Pick<VideoJob, 'id' | 'watchSecret'>, baseUrl: string): string {
  return `${baseUrl}/v/${watchTokenOf(job)}`;
}

function linksOf(job: VideoJob, baseUrl: string): VideoJobWire['links'] {
  const self = `${baseUrl}/v1/jobs/${job.id}`;
  const hasVideo = storedVideoOf(job.lifecycle) !== null;
  return {
    self,
    watch: watchUrlOf(job, baseUrl),
    video: hasVideo ? `${self}/video` : null,
    poster: hasVideo ? `${self}/poster` : null,
    events: `${self}/events`,
  };
}

/** Its address needs no key, because a player cannot send one; `links.video` is the same file behind the key. */
function presentVideo(video: StoredVideo, watchUrl: string): VideoJobWire['video'] {
  return {
    url: `${watchUrl}/video.mp4`,
    watch_url: watchUrl,
    poster_url: `${watchUrl}/poster.jpg`,
    content_type: video.contentType,
    bytes: video.sizeBytes,
    sha256: video.sha256,
    duration_seconds: video.durationSeconds,
    width: video.width,
    height: video.height,
  };
}

/** From learnt times only: a documented one is that of a single run, long ago and of some other length. */
function etaSecondsOf(lifecycle: Lifecycle, { nowMs, learnt }: View): number | null {
  const leftMs = remainingMsOf(lifecycle, learnt, nowMs);
  return leftMs === null ? null : Math.ceil(leftMs / 1_000);
}

type Times = Pick<VideoJobWire, 'submitted_at' | 'completed_at' | 'failed_at' | 'expires_at'>;

function timesOf(lifecycle: Lifecycle, { retentionMs }: View): Times {
  const none: Times = { submitted_at: null, completed_at: null, failed_at: null, expires_at: null };
  switch (lifecycle.state) {
    case 'queued':
      return none;
    case 'submitting':
    case 'submission_unknown':
    case 'generating':
    case 'storing':
      return { ...none, submitted_at: unixSeconds(lifecycle.submittedAtMs) };
    case 'cancelling':
      return { ...none, submitted_at: unixSeconds(lifecycle.following.submittedAtMs) };
    case 'completed':
      return {
        ...none,
        submitted_at: unixSeconds(lifecycle.submittedAtMs),
        completed_at: unixSeconds(lifecycle.endedAtMs),
        expires_at: unixSeconds(lifecycle.endedAtMs + retentionMs),
      };
    case 'failed':
    case 'cancelled':
      return {
        ...none,
        submitted_at: lifecycle.submittedAtMs === null ? null : unixSeconds(lifecycle.submittedAtMs),
        failed_at: unixSeconds(lifecycle.endedAtMs),
      };
  }
}
