import type { BulkPreview, BulkRunWire } from '@video-proxy/contracts';
import type { FailureCode } from '@video-proxy/core';
import type { BulkProblem, BulkRun } from '@video-proxy/ledger';
import { unixSeconds } from './view.ts';

export function presentPlan({ id, plan, total, firstJobIds }: BulkRun): Omit<BulkPreview, 'object' | 'expires_at'> {
  const byCode = Object.entries(plan.byCode) as [FailureCode, number][];
  return {
    id,
    action: plan.action,
    // It was checked when it came.
    filter: plan.filter as BulkPreview['filter'],
    matched: plan.matched,
    count: total,
    job_ids: [...firstJobIds],
    unsafe: plan.unsafe,
    estimated_usd: plan.estimatedUsd,
    estimated_unsafe_usd: plan.estimatedUnsafeUsd,
    unpriced: plan.unpriced,
    by_code: byCode.map(([code, count]) => ({ code, count })).sort((one, other) => other.count - one.count),
    searched: plan.searched ?? null,
    searched_until: plan.searchedUntilMs === undefined ? null : unixSeconds(plan.searchedUntilMs),
    truncated: plan.truncated,
  };
}

/** Null for a preview that nobody has started. */
export function presentRun(run: BulkRun, problems: readonly BulkProblem[]): BulkRunWire | null {
  const { order, state } = run;
  if (order === null || state === 'preview') return null;
  return {
    ...presentPlan(run),
    object: 'bulk.run',
    state,
    confirm_cost: order.confirmCost,
    reason: order.reason,
    operator: order.operator,
    started_at: unixSeconds(order.startedAtMs),
    finished_at: run.finishedAtMs === null ? null : unixSeconds(run.finishedAtMs),
    total: run.total,
    done: run.done,
    failed: run.failed,
    skipped: run.skipped,
    problems: problems.map(({ jobId, outcome, message, code }) => ({
      job_id: jobId,
      outcome,
      message,
      said: code === undefined ? null : { code: `bulk_${code}`, facts: {} },
    })),
  };
}
