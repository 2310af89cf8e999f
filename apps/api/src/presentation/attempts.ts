import type { OperatorJobWhole } from '@video-proxy/contracts';
import {
  type Billed,
  clientRequestIdOf,
  type Failure,
  type FailureCode,
  failureTable,
  generationIdOf,
  isTerminal,
  type Lifecycle,
  type VideoJob,
} from '@video-proxy/core';
import type { RecordedEvent } from '@video-proxy/ledger';
import type { EventOfAttempt } from './provider-calls.ts';
import { unixSeconds } from './view.ts';

type Attempt = OperatorJobWhole['attempts'][number];
type Span = OperatorJobWhole['timings'][number];

/** What is known of every attempt: of the current one by the job itself, of earlier ones by what the history has kept. */
export function attemptsOf(job: VideoJob, events: readonly EventOfAttempt[]): Attempt[] {
  return Array.from({ length: job.attempt }, (_, index) => {
    const number = index + 1;
    const own = events.filter(({ attempt }) => attempt === number).map(({ event }) => event);
    const last = own.at(-1);
    const first = own[0];
    const timeOf = (event: RecordedEvent | undefined) => (event === undefined ? null : unixSeconds(event.atMs));
    const end = own.findLast(({ state }) => isTerminal(state));
    const isCurrent = number === job.attempt;
    return {
      number,
      client_request_id: clientRequestIdOf({ id: job.id, attempt: number }),
      started_at: first?.type === 'created' || first?.type === 'retry_requested' ? timeOf(first) : null,
      submitted_at: timeOf(own.find(({ type }) => type === 'submit_started')),
      ended_at: last !== undefined && isTerminal(last.state) ? timeOf(end) : null,
      generation_id: isCurrent ? generationIdOf(job.lifecycle) : acceptedIdOf(own),
      // Only ended attempts are followed by others; which end it was may be forgotten.
      phase: isCurrent ? job.lifecycle.state : (last?.state ?? 'failed'),
      ...(isCurrent ? endOf(job.lifecycle) : recordedEndOf(end)),
    };
  });
}

function acceptedIdOf(events: readonly RecordedEvent[]): string | null {
  const id = events.findLast(({ type }) => type === 'submit_accepted')?.details['generationId'];
  return typeof id === 'string' ? id : null;
}

type End = Pick<Attempt, 'code' | 'billed'>;

function endOf(lifecycle: Lifecycle): End {
  switch (lifecycle.state) {
    case 'failed':
      return { code: lifecycle.failure.code, billed: lifecycle.failure.billed };
    case 'cancelled':
      return { code: 'cancelled', billed: lifecycle.billed };
    case 'completed':
      return { code: null, billed: 'yes' };
    case 'queued':
    case 'submitting':
    case 'submission_unknown':
    case 'generating':
    case 'storing':
    case 'cancelling':
      return { code: null, billed: null };
  }
}

/** Failures that stand for their event alone, so that the history need not repeat them. */
const codeOfEvent: Readonly<Record<string, readonly [FailureCode, Billed]>> = {
  deadline_passed: ['generation_timeout', failureTable.generation_timeout.billed],
  generation_not_found: ['provider_error', 'unknown'],
  submission_not_found: ['submission_unknown', failureTable.submission_unknown.billed],
  hold_expired: ['hold_expired', failureTable.hold_expired.billed],
};

function recordedEndOf(end: RecordedEvent | undefined): End {
  if (end === undefined) return { code: null, billed: null };
  if (end.state === 'cancelled') return { code: 'cancelled', billed: null };
  // The ledger has written these details from the events of core.
  const { failure } = end.details as unknown as { readonly failure?: Failure };
  if (failure !== undefined) return { code: failure.code, billed: failure.billed };
  const [code, billed] = codeOfEvent[end.type] ?? [null, null];
  return { code, billed };
}

/** How long each state lasted, attempt by attempt; lines that changed nothing do not cut a stretch. */
export function timingsOf(events: readonly EventOfAttempt[]): Span[] {
  const changes = events.filter(
    ({ event, attempt }, index) =>
      event.state !== events[index - 1]?.event.state || attempt !== events[index - 1]?.attempt,
  );
  return changes.map(({ event, attempt }, index) => {
    const next = changes[index + 1]?.event;
    return {
      phase: event.state,
      attempt,
      from: unixSeconds(event.atMs),
      to: next === undefined ? null : unixSeconds(next.atMs),
      seconds: next === undefined ? null : (next.atMs - event.atMs) / 1_000,
    };
  });
}
