import { type Catalog, clipSecondsOf, frameSizeOf, type VideoModel } from '@video-proxy/aimlapi/catalog';
import type { OpenaiVideo, VideoJobWire } from '@video-proxy/contracts';
import type { VideoJob } from '@video-proxy/core';
import type { Viewer } from '../../presentation/viewer.ts';
import { requestIdsOf } from '../job-in-words.ts';

/** Where a remix remembers its source; the metadata of jobs from elsewhere may say anything there. */
export const remixedFrom = 'remixed_from_video_id';

/** What the wire promises when nobody said anything; shown only while nothing better is known. */
const unknownSize = '720x1280';
const unknownSeconds = 4;

export interface Presenting {
  readonly viewer: Viewer;
  readonly catalog: Pick<Catalog, 'find'>;
}

export async function presentVideo(
  job: VideoJob,
  { viewer, catalog }: Presenting,
  baseUrl: string,
): Promise<OpenaiVideo> {
  return inOpenaiShape(job, await viewer.present(job, baseUrl), catalog.find(job.model), viewer.steadyProgress(job));
}

export async function presentNewVideo(
  job: VideoJob,
  { viewer, catalog }: Presenting,
  baseUrl: string,
): Promise<OpenaiVideo> {
  return inOpenaiShape(job, await viewer.presentNew(job, baseUrl), catalog.find(job.model), viewer.steadyProgress(job));
}

function inOpenaiShape(job: VideoJob, wire: VideoJobWire, model: VideoModel | null, progress: number): OpenaiVideo {
  const { phase, hold, error, queue_position, eta_seconds, late, cost, video, links, request_id } = wire;
  const source = job.metadata[remixedFrom];
  return {
    id: wire.id,
    object: 'video',
    model: wire.model,
    status: wire.status,
    progress,
    created_at: wire.created_at,
    completed_at: wire.completed_at,
    expires_at: wire.expires_at,
    prompt: wire.prompt,
    size: sizeOf(job, model, video),
    seconds: secondsOf(job, model, video),
    remixed_from_video_id: typeof source === 'string' ? source : null,
    // Clients of this wire show the message and nothing else.
    error: error === null ? null : { code: error.code, message: `${error.message} (${requestIdsOf(wire)})` },
    video_proxy: {
      phase,
      hold,
      error,
      queue_position,
      eta_seconds,
      late,
      cost,
      url: video?.url ?? null,
      poster_url: video?.poster_url ?? null,
      watch_url: links.watch,
      request_id,
    },
  };
}

/** As the file is: what was asked for may have been the nearest that the model has. */
function sizeOf({ parameters }: VideoJob, model: VideoModel | null, video: VideoJobWire['video']): string {
  const size = video ?? (model === null ? null : frameSizeOf(model, parameters));
  return size === null ? unknownSize : `${size.width}x${size.height}`;
}

/** As asked for, because that is what is paid for; a file may be some frames longer. */
function secondsOf({ parameters }: VideoJob, model: VideoModel | null, video: VideoJobWire['video']): string {
  const asked = model === null ? null : clipSecondsOf(model, parameters);
  return String(asked ?? (video === null ? unknownSeconds : Math.max(1, Math.round(video.duration_seconds))));
}
