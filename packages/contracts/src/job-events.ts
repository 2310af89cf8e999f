import { publicStatuses, videoJobStates } from '@video-proxy/core';
import { z } from 'zod';
import { videoJobWire } from './video-job.ts';

/** The data of one server-sent event of `GET /v1/jobs/{id}/events`; its SSE id is where to go on, its SSE event is `type`. */
export const videoJobEventWire = z
  .object({
    type: z.string().meta({ description: 'What happened: `created`, `submit_started`, `submit_accepted`, …' }),
    created_at: z.int(),
    status: z.enum(publicStatuses),
    phase: z.enum(videoJobStates),
    attempt: z.int(),
    hold: videoJobWire.shape.hold,
    error: videoJobWire.shape.error,
  })
  .meta({ id: 'VideoJobEvent', description: 'After the last one follows the whole job, as an SSE event named `job`.' });

export type VideoJobEventWire = z.output<typeof videoJobEventWire>;

export const deletedVideoJob = z
  .object({ id: z.string(), object: z.literal('video.job.deleted'), deleted: z.literal(true) })
  .meta({ id: 'DeletedVideoJob' });

export type DeletedVideoJob = z.output<typeof deletedVideoJob>;
