import type { BulkTrouble, JobOrder, JsonObject } from '@video-proxy/core';
import type { AuditRecord } from './audit.ts';
import { jobIdOf, ownUlidOf } from './video-job-id.ts';

/** A job as it was seen when the action was planned. */
export interface SeenJob {
  readonly id: string;
  readonly attempt: number;
}

/** What an action is about, and what it may cost. */
export interface BulkPlan {
  readonly action: JobOrder;
  /** As the operator wrote it. */
  readonly filter: JsonObject;
  readonly matched: number;
  readonly unsafe: number;
  readonly estimatedUsd: number | null;
  readonly estimatedUnsafeUsd: number | null;
  readonly unpriced: number;
  readonly byCode: Readonly<Record<string, number>>;
  readonly truncated: boolean;
  /** How many jobs were looked through for words of their prompts. */
  readonly searched?: number;
  /** Absent when all were. */
  readonly searchedUntilMs?: number;
}

export interface BulkOrder {
  readonly operator: AuditRecord['operator'];
  readonly reason: string | null;
  readonly confirmCost: boolean;
  readonly startedAtMs: number;
  /** Where the outcome is to be written in the end. */
  readonly audit: { readonly id: string; readonly record: AuditRecord };
}

export interface BulkProblem {
  readonly jobId: string;
  readonly outcome: 'failed' | 'skipped';
  readonly message: string;
  /** The message in a word. */
  readonly code?: BulkTrouble;
}

export interface BulkCounts {
  readonly done: number;
  readonly failed: number;
  readonly skipped: number;
}

export interface BulkRun extends BulkCounts {
  readonly id: string;
  readonly plan: BulkPlan;
  /** Null of a preview. */
  readonly order: BulkOrder | null;
  readonly state: 'preview' | 'waiting' | 'running' | 'finished' | 'stopped';
  readonly total: number;
  /** How many jobs are through. */
  readonly cursor: number;
  readonly firstJobIds: readonly string[];
  readonly expiresAtMs: number;
  readonly finishedAtMs: number | null;
}

export const writeSeen = ({ id, attempt }: SeenJob): string => `${ownUlidOf(id)} ${attempt}`;

export function readSeen(text: string): SeenJob {
  const [ulid = '', attempt] = text.split(' ');
  return { id: jobIdOf(ulid), attempt: Number(attempt) };
}

type NumberField = 'total' | 'cursor' | 'done' | 'failed' | 'skipped' | 'expiresAtMs' | 'finishedAtMs';
/** The fields of its hash. */
export type StoredRun = Readonly<Partial<Record<NumberField | 'plan' | 'order' | 'state' | 'first', string>>>;

export function readRun(id: string, fields: StoredRun): BulkRun {
  const number = (name: NumberField) => Number(fields[name] ?? 0);
  return {
    id,
    plan: JSON.parse(fields.plan ?? '') as BulkPlan,
    order: fields.order === undefined ? null : (JSON.parse(fields.order) as BulkOrder),
    state: fields.state as BulkRun['state'],
    total: number('total'),
    cursor: number('cursor'),
    done: number('done'),
    failed: number('failed'),
    skipped: number('skipped'),
    firstJobIds: JSON.parse(fields.first ?? '[]') as string[],
    expiresAtMs: number('expiresAtMs'),
    finishedAtMs: fields.finishedAtMs === undefined ? null : Number(fields.finishedAtMs),
  };
}
