import type { OperatorOverview } from '@video-proxy/contracts';
import { attentionOf, type ProviderName, type VideoJob } from '@video-proxy/core';
import type { JobsOfSpan, Ledger } from '@video-proxy/ledger';
import { presentSaid } from '../presentation/evidence.ts';
import { unixSeconds } from '../presentation/view.ts';
import { recent } from '../recent.ts';
import type { Installation } from './installation.ts';
import { presentAccount, presentAttention, presentHolds, presentPause, presentWorkers } from './present.ts';

export interface OverviewParts {
  readonly ledger: Pick<Ledger, 'jobs' | 'rates' | 'turns' | 'incidents' | 'ping'>;
  readonly look: () => Promise<Installation>;
  readonly version: string;
  readonly provider: ProviderName;
  readonly now: () => number;
}

const hourMs = 3_600_000;
const hours = 24;
/** What happens now is seen at once, also just after a full hour. */
const freshHours = 2;
/** Several operators who look at the same page cost no more than one. */
const freshMs = 1_000;
/** A day is counted in large indexes, and for the times documents of jobs are read: both change slowly. */
const slow = { maxAgeMs: 15_000, staleMaxMs: 60_000 };
const timedJobsMax = 100;

export function openOverview(parts: OverviewParts): () => Promise<OperatorOverview> {
  const { ledger, look, version, provider, now } = parts;
  const times = recent(async () => timesOf((await lastCompleted(ledger.jobs)).map(spansOf)), slow, now);
  const wholeDay = recent(() => lastHours(ledger, now(), hours), slow, now);

  return recent(
    async () => {
      const [installation, day, current, waiting, incidents, latencyMs, usual] = await Promise.all([
        look(),
        wholeDay(),
        lastHours(ledger, now(), freshHours),
        ledger.turns.waiting(),
        ledger.incidents.list(),
        latencyOf(ledger),
        times(),
      ]);
      const { facts, counts, load, persistence, storage } = installation;
      const attention = attentionOf(facts);
      const beganMs = new Map(incidents.map(({ name, sinceMs }) => [name, sinceMs]));
      return {
        generated_at: unixSeconds(facts.nowMs),
        version,
        provider,
        health: facts.refusal !== null ? 'down' : attention.some(isCritical) ? 'degraded' : 'ok',
        attention: attention.map((item) => presentAttention(item, beganMs.get(item.code) ?? null)),
        jobs: { total: sumOf(counts), by_state: counts },
        hours: updated(day, current).map(presentHour),
        waiting: {
          jobs: counts.queued,
          owners: waiting.owners,
          oldest_since: waiting.oldestSinceMs === null ? null : unixSeconds(waiting.oldestSinceMs),
        },
        paused: presentPause(facts),
        holds: presentHolds(facts.credential, facts.holds, facts.nowMs),
        credential: presentAccount(facts.credential),
        workers: presentWorkers(installation),
        redis: {
          state: facts.refusal === null ? 'ok' : 'unavailable',
          finding: facts.refusal?.finding ?? null,
          said: facts.refusal && presentSaid({ code: `store_${facts.refusal.reason}`, facts: facts.refusal.facts }),
          used_memory_bytes: load.usedMemoryBytes,
          memory_max_bytes: load.memoryMaxBytes,
          append_only: persistence.appendOnly,
          maxmemory_policy: persistence.maxmemoryPolicy,
          latency_ms: latencyMs,
        },
        storage: { ...storage, said: presentSaid(storage.said) },
        times: usual,
      };
    },
    { maxAgeMs: freshMs },
    now,
  );
}

function lastHours({ rates }: Pick<Ledger, 'rates'>, nowMs: number, spans: number): Promise<readonly JobsOfSpan[]> {
  return rates.bySpan({ lastFromMs: Math.floor(nowMs / hourMs) * hourMs, spanMs: hourMs, spans });
}

/** The day up to now, of which `current` was counted later: an hour may have begun in between. */
function updated(day: readonly JobsOfSpan[], current: readonly JobsOfSpan[]): readonly JobsOfSpan[] {
  const currentFromMs = current[0]?.fromMs ?? Number.POSITIVE_INFINITY;
  return [...day.filter(({ fromMs }) => fromMs < currentFromMs), ...current].slice(-hours);
}

const isCritical = ({ severity }: { readonly severity: string }): boolean => severity === 'critical';

const sumOf = (counts: Readonly<Record<string, number>>): number =>
  Object.values(counts).reduce((sum, count) => sum + count, 0);

function presentHour({ fromMs, counts }: JobsOfSpan): OperatorOverview['hours'][number] {
  return {
    from: unixSeconds(fromMs),
    created: sumOf(counts),
    completed: counts.completed,
    failed: counts.failed,
  };
}

async function latencyOf({ ping }: Pick<Ledger, 'ping'>): Promise<number> {
  const startedMs = performance.now();
  await ping();
  return Math.round((performance.now() - startedMs) * 100) / 100;
}

async function lastCompleted({ list }: Pick<Ledger['jobs'], 'list'>): Promise<readonly VideoJob[]> {
  return (await list({ states: ['completed'], limit: timedJobsMax })).jobs;
}

interface JobSpans {
  readonly waitingMs: number;
  readonly makingMs: number;
}

function spansOf({ createdAtMs, lifecycle }: VideoJob): JobSpans | null {
  if (lifecycle.state !== 'completed') return null;
  return {
    waitingMs: Math.max(0, lifecycle.submittedAtMs - createdAtMs),
    makingMs: Math.max(0, lifecycle.endedAtMs - lifecycle.submittedAtMs),
  };
}

function timesOf(spans: readonly (JobSpans | null)[]): OperatorOverview['times'] {
  const known = spans.filter((span) => span !== null);
  if (known.length === 0) return null;
  return {
    jobs: known.length,
    waiting: spread(known.map(({ waitingMs }) => waitingMs)),
    making: spread(known.map(({ makingMs }) => makingMs)),
  };
}

function spread(valuesMs: readonly number[]): { p50_seconds: number; p90_seconds: number } {
  const sorted = valuesMs.toSorted((a, b) => a - b);
  const at = (share: number) => (sorted[Math.floor((sorted.length - 1) * share)] ?? 0) / 1_000;
  return { p50_seconds: at(0.5), p90_seconds: at(0.9) };
}
