import type { JobOrder } from '@video-proxy/core';
import { z } from 'zod';
import { json } from '../json.ts';
import { said } from '../said.ts';

const unixSeconds = z.int();

/** What operators can order, and thereby what an entry can be about. */
export type AuditAction =
  | `job.${JobOrder}`
  | `bulk.${JobOrder | 'stop'}`
  | `dispatch.${'pause' | 'resume'}`
  | `credential.${'probe' | 'reload'}`
  | 'delivery.resend';

export type AuditTargetType = 'job' | 'bulk' | 'dispatch' | 'credential' | 'delivery';

export const auditQuery = z.object({
  limit: z.coerce.number().int().min(1).max(200).default(50),
  after: z.string().max(60).optional().meta({ description: 'The `last_id` of the page before.' }),
  /** Only entries about this: a job id, a bulk run. */
  target: z.string().max(200).optional(),
});

/** Who orders something. */
export const auditedOperator = z.object({
  role: z.string(),
  /** The first 8 hex digits of the SHA-256 of the operator's key; null without a key (programs on the same machine). */
  key: z.string().nullable(),
  /** `x-operator-name`, as it was given: nobody has checked it. */
  name: z.string().nullable(),
});

export const auditEntry = z.object({
  id: z.string(),
  at: unixSeconds,
  operator: auditedOperator,
  /** One of `AuditAction`, or of a version that knows others. */
  action: z.string(),
  target: z.object({ type: z.string(), id: z.string().nullable() }),
  reason: z.string().nullable(),
  /** `asked`: it was ordered, and what became of it is not known (yet). */
  outcome: z.enum(['asked', 'done', 'refused', 'failed']),
  /** Why it was refused, or failed. */
  message: z.string().nullable(),
  said,
  /** What was there before, and after it. */
  before: json,
  after: json,
  request_id: z.string().nullable(),
  finished_at: unixSeconds.nullable(),
});

/** `GET /ops/api/audit`: newest first. */
export const auditList = z.object({
  data: z.array(auditEntry),
  has_more: z.boolean(),
  last_id: z.string().nullable(),
});

export type AuditEntryWire = z.output<typeof auditEntry>;
export type AuditList = z.output<typeof auditList>;
