import { z } from 'zod';
import { json } from '../json.ts';
import { said } from './evidence.ts';

const unixSeconds = z.int();

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
  /** `job.retry`, `job.cancel`, `bulk.retry`, `dispatch.pause`, … */
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
