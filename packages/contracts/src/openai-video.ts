/** The OpenAI Videos wire. OpenAI's own service is gone and its SDK may drop the calls, so the schema is written down here. */
import { publicStatuses } from '@video-proxy/core';
import { z } from 'zod';
import { json } from './json.ts';
import { promptLengthMax, videoJobWire } from './video-job.ts';

const unixSeconds = z.int();
const prompt = z.string().min(1).max(promptLengthMax);

const inputReference = z
  .strictObject({ image_url: z.string().min(1).optional(), file_id: z.string().min(1).max(200).optional() })
  .refine(({ image_url, file_id }) => (image_url === undefined) !== (file_id === undefined), {
    error: 'takes exactly one of image_url and file_id',
  })
  .meta({
    description:
      'A picture to begin with: a link or a data: URI, or an upload to POST /v1/files. In a form also a file of this name.',
  });

/** In a form every value is text, so numbers are read from text; what else a model takes stands beside these fields. */
export const createOpenaiVideoBody = z
  .looseObject({
    prompt,
    model: z.string().min(1).max(200).optional().meta({
      description: 'An id or alias from GET /v1/models; sora-2 and sora-2-pro, too. Not given: DEFAULT_MODEL.',
    }),
    seconds: z.coerce.number().int().min(1).max(600).optional().meta({
      description: 'Length, as a number or a text. Not given: 4 where the model has that, else its own.',
    }),
    size: z
      .string()
      .regex(/^\d{2,4}x\d{2,4}$/, 'must be WIDTHxHEIGHT, such as 1280x720')
      .optional()
      .meta({
        description: 'Becomes aspect ratio and resolution of the model. Not given: 720x1280 where it has that.',
      }),
    input_reference: inputReference.optional(),
    user: json.optional().meta({ description: 'Accepted from clients that send it, and not used.' }),
  })
  .meta({
    id: 'CreateVideo',
    description: "As JSON or as multipart/form-data. The model's own parameters may stand beside the fields of OpenAI.",
  });

export type CreateOpenaiVideoBody = z.output<typeof createOpenaiVideoBody>;

export const remixOpenaiVideoBody = z.strictObject({ prompt }).meta({ id: 'RemixVideo' });

export const listOpenaiVideosQuery = z.object({
  limit: z.coerce.number().int().min(0).max(100).default(20),
  order: z.enum(['asc', 'desc']).default('desc'),
  after: z
    .string()
    .regex(/^video_[0-9a-z]{26}$/, 'must be the id of a video')
    .optional()
    .meta({ description: 'The last id of the previous page.' }),
});

export const openaiVideoContentQuery = z.object({
  variant: z.enum(['video', 'thumbnail', 'spritesheet']).default('video'),
});

const { phase, hold, error, queue_position, eta_seconds, late, cost, links, request_id } = videoJobWire.shape;

/** What OpenAI's shape has no place for, under one name of ours. */
const beyondOpenai = z
  .object({
    phase,
    hold,
    error,
    queue_position,
    eta_seconds,
    late,
    cost,
    url: z.url().nullable().meta({ description: 'The video for a player, which can send no key.' }),
    poster_url: z.url().nullable(),
    watch_url: links.shape.watch,
    request_id,
  })
  .meta({ id: 'VideoDetails' });

/** Every key is always there. */
export const openaiVideo = z
  .object({
    id: z.string(),
    object: z.literal('video'),
    model: z.string(),
    status: z.enum(publicStatuses),
    progress: z.int().min(0).max(100).meta({ description: 'An estimate. Never falls; 100 only when completed.' }),
    created_at: unixSeconds,
    completed_at: unixSeconds.nullable(),
    expires_at: unixSeconds.nullable().meta({ description: 'When our own copy is deleted.' }),
    prompt: z.string().nullable(),
    size: z.string().meta({ description: 'As the file is; before there is one, as asked for.' }),
    seconds: z.string().meta({ description: 'As asked for, else as the file is.' }),
    remixed_from_video_id: z.string().nullable(),
    error: z.object({ code: z.string(), message: z.string() }).nullable(),
    video_proxy: beyondOpenai,
  })
  .meta({ id: 'Video' });

export type OpenaiVideo = z.output<typeof openaiVideo>;

export const openaiVideoList = z
  .object({
    object: z.literal('list'),
    data: z.array(openaiVideo),
    first_id: z.string().nullable(),
    last_id: z.string().nullable(),
    has_more: z.boolean(),
  })
  .meta({ id: 'VideoList' });

export const deletedOpenaiVideo = z
  .object({ id: z.string(), object: z.literal('video.deleted'), deleted: z.literal(true) })
  .meta({ id: 'DeletedVideo' });
