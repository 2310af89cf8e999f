import { failureCodes } from '@video-proxy/core';
import { z } from 'zod';
import { said } from '../said.ts';
import { auditedOperator } from './audit.ts';
import { jobFilter } from './jobs.ts';

const unixSeconds = z.int();
const reasonLengthMax = 500;

const bulkActions = ['retry', 'recheck', 'cancel', 'delete'] as const;

/**
 * `POST /ops/api/jobs/bulk`. With `dry_run` nothing changes: the answer is the preview, which is kept for fifteen minutes. A
 * run that names it (`preview_id`), with the same action and filter, is about exactly the jobs that were seen there, as they were seen; one that does not is
 * about those that the filter finds now.
 */
export const bulkBody = z.strictObject({
  action: z.enum(bulkActions),
  /** At least one condition. */
  filter: jobFilter,
  dry_run: z.boolean().default(true),
  preview_id: z.string().max(60).optional(),
  /** Without it, jobs that may have been billed are left out of a retry. */
  confirm_cost: z.boolean().default(false),
  reason: z.string().trim().max(reasonLengthMax).nullish(),
});

/** What a bulk action is about: the answer to a dry run, and the beginning of a run. */
const plan = {
  id: z.string(),
  action: z.enum(bulkActions),
  filter: jobFilter,
  /** Jobs that the filter finds. */
  matched: z.int(),
  /** Of these, the ones for which the action makes sense. */
  count: z.int(),
  /** The first 100 of these. */
  job_ids: z.array(z.string()),
  /** Of these, the ones that may have been billed, whose retry may be billed again: left out without `confirm_cost`. */
  unsafe: z.int(),
  /** What a retry of all `count` jobs may cost: the last known price of each; null when no price is known. */
  estimated_usd: z.number().nullable(),
  /** The part of it that `unsafe` jobs have. */
  estimated_unsafe_usd: z.number().nullable(),
  /** Jobs whose price is not known and not in the estimate. */
  unpriced: z.int(),
  /** How many jobs by failure code, the most frequent first. */
  by_code: z.array(z.object({ code: z.enum(failureCodes), count: z.int() })),
  /** How many jobs were looked through for the words of the filter; null without any. */
  searched: z.int().nullable(),
  /** They are those created since then, and older ones may have the words, too; null when all were looked through. */
  searched_until: unixSeconds.nullable(),
  /** More jobs meet the filter than one run takes. */
  truncated: z.boolean(),
};

/** The answer to a dry run. */
export const bulkPreview = z.object({ ...plan, object: z.literal('bulk.preview'), expires_at: unixSeconds });

/** The answer to a run (202), and `GET /ops/api/bulk/{id}`. */
export const bulkRun = z.object({
  ...plan,
  object: z.literal('bulk.run'),
  /** `waiting`: no worker has begun yet. */
  state: z.enum(['waiting', 'running', 'finished', 'stopped']),
  confirm_cost: z.boolean(),
  reason: z.string().nullable(),
  operator: auditedOperator,
  started_at: unixSeconds,
  finished_at: unixSeconds.nullable(),
  /** `done + failed + skipped` grows to `total`. */
  total: z.int(),
  done: z.int(),
  failed: z.int(),
  /** Jobs that had changed since they were seen, or may have been billed. */
  skipped: z.int(),
  /** Why jobs failed or were skipped, at most 100. */
  problems: z.array(
    z.object({ job_id: z.string(), outcome: z.enum(['failed', 'skipped']), message: z.string(), said }),
  ),
});

/** `GET /ops/api/bulk`: newest first, at most 50. */
export const bulkRunList = z.object({ data: z.array(bulkRun) });

export type BulkAction = (typeof bulkActions)[number];
export type BulkBody = z.output<typeof bulkBody>;
export type BulkPreview = z.output<typeof bulkPreview>;
export type BulkRunWire = z.output<typeof bulkRun>;
