import { failureCodes } from '@video-proxy/core';
import { z } from 'zod';
import { givenTimeInQuery } from './given-time.ts';

const unixSeconds = z.int();

/** Times are those of the failures. Without bounds: the last seven days. */
export const failuresQuery = z.strictObject({
  from: givenTimeInQuery.optional(),
  to: givenTimeInQuery.optional(),
});

/** Jobs that have failed alike and are still failed: a retried or deleted job leaves its group. */
export const failureGroup = z.object({
  /** For `GET /ops/api/jobs?group=` and the filter of a bulk action. */
  id: z.string(),
  code: z.enum(failureCodes),
  provider_status: z.int().nullable(),
  /** The provider's own word for it, shortened to what can be grouped. */
  kind: z.string().nullable(),
  /** Null in the group that takes in what the bounded set of groups has no room for. */
  model: z.string().nullable(),
  /** Of this group within the time asked for, like everything below. */
  count: z.int(),
  first_seen: unixSeconds,
  last_seen: unixSeconds,
  /** Those with the most failures first, at most ten. */
  owners: z.array(z.object({ owner: z.string(), count: z.int() })),
  owners_total: z.int(),
  /** In very large groups only the newest failures are counted by owner: then there may be more owners. */
  owners_complete: z.boolean(),
  /** Newest first, at most five. */
  sample_job_ids: z.array(z.string()),
  /** No job of it may have been billed. */
  retry_safe: z.boolean(),
  /** How many of its jobs may have been billed. */
  unsafe: z.int(),
  /** What the failure table says: whether sending the same request again can succeed. */
  retryable: z.boolean(),
  /** For people: what the code means. */
  message: z.string(),
  /** Failures per step of `trend_step_seconds` from `trend_from` on, oldest first; all groups have the same steps. */
  trend: z.array(z.int()),
});

/** `GET /ops/api/failures`. */
export const failureGroups = z.object({
  from: unixSeconds,
  to: unixSeconds,
  /** The beginning of the first step: that of its hour or day. */
  trend_from: unixSeconds,
  /** An hour, or a day when the time asked for is longer than eight days. */
  trend_step_seconds: z.int(),
  /** The largest first, at most 100. */
  groups: z.array(failureGroup),
  groups_total: z.int(),
  /** In all groups. */
  count: z.int(),
  /** Failures that an earlier version wrote are still being sorted into groups. */
  complete: z.boolean(),
});

export type FailureGroup = z.output<typeof failureGroup>;
export type FailureGroups = z.output<typeof failureGroups>;
