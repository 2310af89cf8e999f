import {
  generationIdOf,
  type Hold,
  type Lifecycle,
  type ProviderEvidence,
  type VideoJob,
  type VideoJobEvent,
} from '@video-proxy/core';
import { type EventLog, type LineLevel, type LoggedEvent, writeLine } from './event-lines.ts';
import type { JobChange, JobObserver } from './job-observer.ts';

/** One line of the log for everything that is written about a job. Never its prompt, its parameters or a link. */
export function jobLines(log: EventLog): JobObserver {
  return {
    created: (job) => writeLine(log, 'created', { ...namesOf(job), owner: job.owner, model: job.model }),
    changed: (change) => writeLine(log, change.event.type, fieldsOf(change), levelOf(change)),
    deleted: (job) => writeLine(log, 'deleted', namesOf(job)),
  };
}

interface Seen {
  readonly finding?: string;
  readonly keptAs?: string;
  readonly evidence?: ProviderEvidence | null;
  readonly providerRequestId?: string;
}

/** The same for what was seen about a job and changed nothing. */
export function writeObservation(
  log: EventLog,
  job: VideoJob,
  event: LoggedEvent,
  { evidence = null, ...seen }: Seen,
): void {
  writeLine(log, event, { ...namesOf(job), ...wordsOf(evidence), ...seen });
}

/** What the line of every event says about its job. */
function namesOf({ id, requestId, attempt, lifecycle }: VideoJob) {
  const generationId = generationIdOf(lifecycle);
  const known = generationId === null ? {} : { generationId };
  return { jobId: id, requestId, attempt, ...known, state: lifecycle.state };
}

function fieldsOf({ event, job }: JobChange) {
  return { ...namesOf(job), ...codeOf(event, job), ...wordsOf(evidenceIn(event)), ...requestOf(event) };
}

function codeOf(event: VideoJobEvent, { lifecycle }: VideoJob) {
  if (lifecycle.state === 'failed') return { code: lifecycle.failure.code };
  return event.type === 'submit_deferred' ? { code: event.hold.code } : {};
}

function evidenceIn(event: VideoJobEvent): ProviderEvidence | null {
  if ('failure' in event) return event.failure.evidence;
  if ('hold' in event) return event.hold.evidence;
  return 'evidence' in event ? event.evidence : null;
}

function wordsOf(evidence: ProviderEvidence | null) {
  return evidence === null ? {} : { providerRequestId: evidence.requestId, provider: evidence };
}

/** Of an answer that was good there is nothing but the id. */
function requestOf(event: VideoJobEvent) {
  const isKnown = 'providerRequestId' in event && event.providerRequestId !== undefined;
  return isKnown ? { providerRequestId: event.providerRequestId } : {};
}

/** A job that is put off again and again is said to be once. */
function levelOf({ event, previous }: JobChange): LineLevel | undefined {
  return event.type === 'submit_deferred' && wasPutOff(previous.lifecycle, event.hold) ? 'debug' : undefined;
}

function wasPutOff(before: Lifecycle, { sinceMs }: Hold): boolean {
  if (before.state === 'queued') return before.deferral !== null;
  const sentAtMs = 'submittedAtMs' in before ? before.submittedAtMs : null;
  return sentAtMs !== null && sinceMs < sentAtMs;
}
