import type { FailureGroup, FailureGroups } from '@video-proxy/contracts';
import { failureTable } from '@video-proxy/core';
import type { CountedFailures, TrendSteps } from '@video-proxy/ledger';
import { unixSeconds } from './view.ts';

interface Range {
  readonly fromMs: number;
  readonly toMs: number;
}

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
/** Above this, hours are more than can be drawn. */
const hourlyMaxMs = 8 * dayMs;
/** A year of days: jobs are not kept for longer. */
const stepsMax = 366;
const groupsMax = 100;

/** Full hours, or days when the time is longer; the newest ones when there are too many. */
export function trendOver({ fromMs, toMs }: Range): TrendSteps {
  const stepMs = toMs - fromMs <= hourlyMaxMs ? hourMs : dayMs;
  const firstMs = Math.floor(fromMs / stepMs) * stepMs;
  const steps = Math.ceil((toMs - firstMs) / stepMs);
  const count = Math.min(steps, stepsMax);
  return { fromMs: firstMs + (steps - count) * stepMs, stepMs, count };
}

export function presentFailures(
  groups: readonly CountedFailures[],
  { fromMs, toMs, trend, complete }: Range & { readonly trend: TrendSteps; readonly complete: boolean },
): FailureGroups {
  return {
    from: unixSeconds(fromMs),
    to: unixSeconds(toMs),
    trend_from: unixSeconds(trend.fromMs),
    trend_step_seconds: trend.stepMs / 1_000,
    groups: groups.slice(0, groupsMax).map(presentGroup),
    groups_total: groups.length,
    count: groups.reduce((sum, { count }) => sum + count, 0),
    complete,
  };
}

function presentGroup({ id, group, count, unsafe, ...counted }: CountedFailures): FailureGroup {
  const { text, retryable } = failureTable[group.code];
  return {
    id,
    code: group.code,
    provider_status: group.providerStatus,
    kind: group.kind,
    model: group.model,
    count,
    first_seen: unixSeconds(counted.firstMs),
    last_seen: unixSeconds(counted.lastMs),
    owners: [...counted.owners],
    owners_total: counted.ownersTotal,
    owners_complete: counted.ownersComplete,
    sample_job_ids: [...counted.sampleIds],
    retry_safe: unsafe === 0,
    unsafe,
    retryable,
    message: text,
    trend: [...counted.trend],
  };
}
