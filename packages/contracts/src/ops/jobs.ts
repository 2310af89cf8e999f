import { failureCodes, publicStatuses, videoJobStates } from '@video-proxy/core';
import { z } from 'zod';
import { inspectedJob } from '../operators.ts';
import { said } from '../said.ts';
import { stepCatalog } from '../steps.ts';
import { videoJobWire } from '../video-job.ts';
import { webhookDelivery } from '../webhooks.ts';
import { givenTime, givenTimeInQuery, isInOrder, notInOrder } from './given-time.ts';

const unixSeconds = z.int();
const searchLengthMax = 300;

/** All conditions hold together. Times are those of creation, in unix seconds; `to` is exclusive. */
const conditions = {
  status: z.enum(publicStatuses).optional(),
  /** The internal state. */
  phase: z.enum(videoJobStates).optional(),
  code: z.enum(failureCodes).optional(),
  /** The id of a group of `GET /ops/api/failures`. */
  group: z.string().max(40).optional(),
  /** `client` or `client/user`. */
  owner: z.string().min(1).max(300).optional(),
  model: z.string().min(1).max(200).optional(),
};

export const searchJobsQuery = z
  .strictObject({
    ...conditions,
    q: z.string().trim().max(searchLengthMax).optional().meta({
      description: 'Any id, a request id, an owner, a user, or words of the prompt; in double quotes always words.',
    }),
    from: givenTimeInQuery.optional(),
    to: givenTimeInQuery.optional(),
    limit: z.coerce.number().int().min(1).max(100).default(50),
    after: z
      .string()
      .regex(/^video_[0-9a-z]{26}$/, 'must be the id of a video job')
      .optional()
      .meta({ description: 'The `last_id` of the page before.' }),
  })
  .refine(isInOrder, notInOrder);

/** The same conditions for a bulk action. */
export const jobFilter = z
  .strictObject({
    ...conditions,
    from: givenTime.optional(),
    to: givenTime.optional(),
    /**
     * Words that are all in the prompt. There is no index of them: the newest jobs that meet the other conditions are looked
     * through, a bounded number of them.
     */
    words: z.string().trim().min(1).max(searchLengthMax).optional(),
    /** These jobs and no others; with it, no other condition is needed. */
    ids: z.array(z.string()).min(1).max(1_000).optional(),
  })
  .refine(isInOrder, notInOrder);

/** A job as an operator sees it in a list. */
export const operatorJob = videoJobWire.extend({
  owner: z.string(),
  /** The group of its failure, while it is failed. */
  failure_group: z.string().nullable(),
});

/** `GET /ops/api/jobs`: newest first. */
export const operatorJobList = z.object({
  data: z.array(operatorJob),
  has_more: z.boolean(),
  /** What to send as `after` for the next page. It need not be a job of this page: a search for words ends where it has looked. */
  last_id: z.string().nullable(),
  /** What `q` was taken for; null without `q`. Ids are looked up whatever the other conditions say. */
  matched_by: z
    .enum(['job_id', 'client_request_id', 'generation_id', 'provider_request_id', 'request_id', 'owner', 'words'])
    .nullable(),
  /**
   * A search through prompts that has not looked at all jobs: it has looked at those created since then (that meet the
   * conditions), and goes on with `after`. Null when it has looked at all of them, and for anything but words.
   */
  searched_until: unixSeconds.nullable(),
  /** How many jobs it has looked at. */
  searched: z.int().nullable(),
});

/** One answer of the provider, as it stands in the history. */
const providerCall = z.object({
  event_id: z.string(),
  at: unixSeconds,
  attempt: z.int(),
  /** `create`, `poll`, `lookup` (of a create whose answer was lost) or `download`. */
  call: z.enum(['create', 'poll', 'lookup', 'download']),
  /** The event it led to. */
  event: z.string(),
  status_code: z.int().nullable(),
  request_id: z.string().nullable(),
  client_request_id: z.string().nullable(),
  path: z.string().nullable(),
  timestamp: z.string().nullable(),
  kind: z.string().nullable(),
  message: z.string().nullable(),
  /** Of a message that is a remark of this service, because the provider said nothing of use. */
  said,
});

const attempt = z.object({
  number: z.int(),
  client_request_id: z.string(),
  /** Null when the history no longer reaches back that far. */
  started_at: unixSeconds.nullable(),
  submitted_at: unixSeconds.nullable(),
  ended_at: unixSeconds.nullable(),
  generation_id: z.string().nullable(),
  /** The state it ended in or is in. */
  phase: z.enum(videoJobStates),
  code: z.enum(failureCodes).nullable(),
  billed: z.enum(['no', 'yes', 'unknown']).nullable(),
});

/** A stretch of time in one state. */
const phaseSpan = z.object({
  phase: z.enum(videoJobStates),
  attempt: z.int(),
  from: unixSeconds,
  /** Null while it lasts, and for the state it has ended in. */
  to: unixSeconds.nullable(),
  seconds: z.number().nullable(),
});

const requestId = z.object({
  kind: z.enum(['request', 'client_request', 'provider_request', 'generation']),
  id: z.string(),
  attempt: z.int().nullable(),
});

/** A step of the job, or of one of its deliveries, that the queue has now. */
const jobStep = z.object({
  step: z.enum(Object.keys(stepCatalog) as [keyof typeof stepCatalog, ...(keyof typeof stepCatalog)[]]),
  state: z.enum(['waiting', 'delayed', 'active', 'failed', 'other']),
  due_at: unixSeconds.nullable(),
  trouble: z.object({ kind: z.string(), count: z.int() }).nullable(),
});

const jobFile = z.object({
  /** `rejected`: what came in place of a video. It is in DATA_DIR of the worker that fetched it, for a while. */
  kind: z.enum(['video', 'poster', 'input', 'rejected']),
  /** Of an input: `file_…`. */
  id: z.string().nullable(),
  /** Under which key the storage has it, or the path in DATA_DIR; null for an input that is gone. */
  storage_key: z.string().nullable(),
  content_type: z.string().nullable(),
  bytes: z.int().nullable(),
  /** Whether the storage has it; null when it cannot be asked now, or does not know. */
  present: z.boolean().nullable(),
  url: z.string().nullable(),
});

/** `GET /ops/api/jobs/{id}`. */
export const operatorJobWhole = inspectedJob.extend({
  failure_group: z.string().nullable(),
  provider_calls: z.array(providerCall),
  attempts: z.array(attempt),
  timings: z.array(phaseSpan),
  request_ids: z.array(requestId),
  steps: z.array(jobStep),
  files: z.array(jobFile),
  deliveries: z.array(webhookDelivery),
  /** Which orders make sense now; `retry` with `confirm_cost` where `needs_confirmation` says so. */
  actions: z.object({
    retry: z.boolean(),
    recheck: z.boolean(),
    cancel: z.boolean(),
    delete: z.boolean(),
    needs_confirmation: z.boolean(),
  }),
});

export type SearchJobsQuery = z.output<typeof searchJobsQuery>;
export type JobFilter = z.output<typeof jobFilter>;
export type OperatorJob = z.output<typeof operatorJob>;
export type OperatorJobList = z.output<typeof operatorJobList>;
export type OperatorJobWhole = z.output<typeof operatorJobWhole>;
