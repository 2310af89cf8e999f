import { failureCodes, holdCodes, publicStatuses, videoJobStates } from '@video-proxy/core';
import { z } from 'zod';
import { json } from './json.ts';
import { said } from './said.ts';

const unixSeconds = z.int();

export const providerEvidence = z
  .object({
    name: z.enum(['aimlapi', 'sandbox']),
    status_code: z.int().nullable(),
    request_id: z.string().nullable(),
    path: z.string().nullable(),
    timestamp: z.string().nullable(),
    kind: z.string().nullable(),
    message: z.string().nullable(),
    said: said.describe('Of a message that is a remark of this service, because the provider said nothing of use.'),
    client_request_id: z.string().nullable(),
  })
  .meta({
    id: 'ProviderEvidence',
    description:
      'What the provider said, in its own words unless `said` tells otherwise; quote request_id to its support.',
  });

const jobError = z
  .object({
    code: z.enum(failureCodes),
    message: z.string(),
    said: said.describe('Of a message that tells more than its code.'),
    retryable: z.boolean(),
    billed: z.enum(['no', 'yes', 'unknown']),
    provider: providerEvidence.nullable(),
  })
  .meta({ id: 'VideoJobError' });

const hold = z
  .object({
    code: z.enum(holdCodes).meta({ description: 'That of the failure it would be, or `paused` by the operators.' }),
    message: z.string(),
    said: said.describe('Of a message that tells more than its code.'),
    since: unixSeconds,
    until: unixSeconds.nullable(),
    provider: providerEvidence.nullable(),
  })
  .meta({ id: 'VideoJobHold', description: 'Why a queued job waits although nothing is wrong with it.' });

const video = z
  .object({
    url: z.url(),
    watch_url: z.url(),
    poster_url: z.url().nullable(),
    content_type: z.string(),
    bytes: z.int(),
    sha256: z.string(),
    duration_seconds: z.number(),
    width: z.int(),
    height: z.int(),
  })
  .meta({ id: 'StoredVideo', description: 'The verified file on our own storage.' });

/** The video job as `/v1/jobs` shows it. Every key is always present; times are unix seconds. */
export const videoJobWire = z
  .object({
    id: z.string(),
    object: z.literal('video.job'),
    status: z.enum(publicStatuses),
    phase: z.enum(videoJobStates),
    provider: z.enum(['aimlapi', 'sandbox']),
    model: z.string(),
    prompt: z.string().nullable(),
    parameters: z.record(z.string(), json),
    metadata: z.record(z.string(), json),
    progress: z.int().min(0).max(100).meta({
      description:
        'An estimate: time passed against the usual time of such a generation (learnt, else documented). The provider reports none.',
    }),
    queue_position: z.int().nullable(),
    eta_seconds: z.int().nullable().meta({
      description:
        'How much longer the provider is expected to work, learnt from the last generations of the same model and duration: until half of them were finished; once that is over, until nine in ten were. Null when that is over too, when fewer than five are known, and while nothing is being generated.',
    }),
    created_at: unixSeconds,
    submitted_at: unixSeconds.nullable(),
    completed_at: unixSeconds.nullable(),
    failed_at: unixSeconds.nullable(),
    expires_at: unixSeconds.nullable(),
    attempt: z.int(),
    late: z.boolean().meta({ description: 'The video came after this job had already ended without it.' }),
    hold: hold.nullable(),
    generation_id: z.string().nullable(),
    video: video.nullable(),
    error: jobError.nullable(),
    cost: z.object({ estimated_usd: z.number().nullable(), held_usd: z.number().nullable() }),
    links: z.object({
      self: z.url(),
      watch: z.url(),
      video: z.url().nullable(),
      poster: z.url().nullable(),
      events: z.url(),
    }),
    request_id: z.string(),
  })
  .meta({ id: 'VideoJob' });

export type VideoJobWire = z.output<typeof videoJobWire>;

/** Largest prompt in characters: the longest any documented model takes is far below. */
export const promptLengthMax = 32_000;

export const createVideoJobBody = z
  .strictObject({
    model: z.string().min(1).max(200).meta({ description: 'A model id or alias from GET /v1/models.' }),
    prompt: z.string().max(promptLengthMax).nullish(),
    parameters: z
      .record(z.string(), json)
      .default({})
      .meta({ description: "The model's own parameters, by the names in GET /v1/models/{id}." }),
    metadata: z
      .record(z.string().max(64), json)
      .default({})
      .meta({ description: 'Kept with the job and returned; never sent to the provider.' }),
    webhook_url: z.string().nullish().meta({
      description:
        'https:// address that is told, by a signed webhook, when the job has ended. Without it, the one that CLIENT_WEBHOOKS names for the client.',
    }),
  })
  .meta({ id: 'CreateVideoJob' });

export type CreateVideoJobBody = z.output<typeof createVideoJobBody>;

/** The same as a client writes it: what has a default may be left out. */
export type VideoJobRequest = z.input<typeof createVideoJobBody>;

export const listVideoJobsQuery = z.object({
  status: z.enum(publicStatuses).optional(),
  model: z.string().max(200).optional(),
  limit: z.coerce.number().int().min(1).max(100).default(20),
  after: z
    .string()
    .regex(/^video_[0-9a-z]{26}$/, 'must be the id of a video job')
    .optional()
    .meta({ description: 'The last id of the previous page.' }),
});

export const videoJobList = z
  .object({
    object: z.literal('list'),
    data: z.array(videoJobWire),
    first_id: z.string().nullable(),
    last_id: z.string().nullable(),
    has_more: z.boolean(),
  })
  .meta({ id: 'VideoJobList' });

export type VideoJobListWire = z.output<typeof videoJobList>;

/** Longest wait of one status request; chat tools cut a call at 60 s (measured on LibreChat). */
export const waitSecondsMax = 50;

export const readVideoJobQuery = z.object({ wait_seconds: z.coerce.number().min(0).max(waitSecondsMax).default(0) });

export const retryVideoJobBody = z
  .strictObject({
    confirm_cost: z
      .boolean()
      .default(false)
      .meta({ description: 'Required when the last attempt may have been billed.' }),
  })
  .meta({ id: 'RetryVideoJob' });
