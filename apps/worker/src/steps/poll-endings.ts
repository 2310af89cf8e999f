import type { StepTroubleKind } from '@video-proxy/contracts';
import { failure, type Generating, type PollOutcome } from '@video-proxy/core';
import type { WorkerParts } from '../worker-parts.ts';
import type { Ending } from './conclude.ts';
import { providerRequestIdIn } from './provider-request-id.ts';

/** A fresh generation is sometimes not known yet when it is polled (recorded). */
const notFoundGraceMs = 120_000;
/** Afterwards as many in a row are tolerated. */
const notFoundTolerated = 3;
/** "Finished" without an address has been seen just before the address appears. */
const withoutFileMax = 5;
/** Past the deadline, one bad answer after a long outage says less than a row of them. */
const troubleMaxPastDeadline = 20;
/** Trouble of any kind, mixed or refused: after this time nobody can fetch the file any more. */
const troubleMaxMs = 24 * 3_600_000;
/** A recheck that meets nothing but trouble ends: whoever ordered it can order another one. */
const recheckTriesMax = 3;

export type Trouble = Extract<
  PollOutcome,
  { kind: 'succeeded_without_file' | 'not_found' | 'refused' | 'unavailable' }
>;

/** The provider is still at work although the deadline is over. */
export function overdue({ endedBefore }: Generating, outcome: PollOutcome): Ending {
  const type = endedBefore === undefined ? 'deadline_passed' : 'recheck_ended';
  return { type, ...providerRequestIdIn(outcome) };
}

/** What is not found while it is fresh does not count later. */
export function troubleKindOf({ kind }: Trouble, elapsedMs: number): StepTroubleKind {
  return kind === 'not_found' && elapsedMs < notFoundGraceMs ? 'not_found_yet' : kind;
}

/** Whether this answer, the last of a row of `count`, ends the following of a generation. */
export function endAfter(
  parts: Pick<WorkerParts, 'limits'>,
  { endedBefore }: Generating,
  trouble: Trouble,
  { count, elapsedMs }: { readonly count: number; readonly elapsedMs: number },
): Ending | null {
  return endedBefore === undefined
    ? endAfterTrouble(parts, trouble, count, elapsedMs)
    : recheckEndedAfter(trouble, count);
}

/** What may end a job although the provider gave no verdict: it keeps saying that there is nothing, or nothing of use, for too long. */
function endAfterTrouble(
  parts: Pick<WorkerParts, 'limits'>,
  trouble: Trouble,
  count: number,
  elapsedMs: number,
): Ending | null {
  if (trouble.kind === 'succeeded_without_file' && count >= withoutFileMax) {
    return { type: 'generation_failed', failure: failure('artifact_unavailable'), ...providerRequestIdIn(trouble) };
  }
  if (trouble.kind === 'not_found' && elapsedMs >= notFoundGraceMs && count > notFoundTolerated) {
    return { type: 'generation_not_found', evidence: trouble.evidence };
  }
  return isGivenUp(parts, trouble, count, elapsedMs)
    ? { type: 'deadline_passed', ...providerRequestIdIn(trouble) }
    : null;
}

function recheckEndedAfter(trouble: Trouble, count: number): Ending | null {
  return count < recheckTriesMax ? null : { type: 'recheck_ended', ...providerRequestIdIn(trouble) };
}

function isGivenUp(
  { limits }: Pick<WorkerParts, 'limits'>,
  { kind }: Trouble,
  count: number,
  elapsedMs: number,
): boolean {
  if (elapsedMs >= troubleMaxMs) return true;
  // A refused account says nothing about the generation.
  if (kind === 'refused') return false;
  return elapsedMs >= limits.generationTimeoutMs && count >= troubleMaxPastDeadline;
}
