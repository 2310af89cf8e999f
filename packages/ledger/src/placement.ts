import {
  generationIdOf,
  isTerminal,
  type Lifecycle,
  type ProviderEvidence,
  type VideoJobEvent,
  watchedUntilMsOf,
} from '@video-proxy/core';
import { failurePlaceOf } from './failure-place.ts';
import type { LedgerKeys } from './keys.ts';
import type { StoredJob } from './stored-job.ts';

/**
 * One entry of one index. `detail` is a sorted set's score or a hash's field; the other half is always the job's ULID. An
 * entry among the `waiting` jobs of an owner also gives or takes the owner's turn; one among the `failed` ones of a group has
 * everything that is counted of the group in its detail.
 */
export interface Place {
  readonly kind: 'sorted' | 'named' | 'waiting' | 'failed';
  readonly key: string;
  readonly detail: string;
}

/** A job that is put off again and again must not grow for ever. */
const keptNamesMax = 16;

/** Every index entry that a stored job has. The difference between two of these lists is what a change writes. */
export function placesOf(keys: LedgerKeys, stored: StoredJob): Place[] {
  const { job, keptNames } = stored;
  const { lifecycle } = job;
  const places = [
    sorted(keys.state(lifecycle.state)),
    ...ownersOf(job.owner).map((owner) => sorted(keys.owner(owner))),
    sorted(keys.model(job.model)),
    ...[...keptNames, ...namesIn(lifecycle)].map((name) => named(keys.providerIds, name)),
  ];
  if (lifecycle.state === 'failed') places.push(sorted(keys.code(lifecycle.failure.code)));
  // Taken out when its webhook stands in the log of deliveries. By the time of the end, so that another end is another entry.
  if (job.webhookUrl !== undefined && 'endedAtMs' in lifecycle) places.push(sorted(keys.outbox, lifecycle.endedAtMs));
  places.push(...failurePlacesOf(keys, stored));
  if (watchedUntilMsOf(lifecycle) !== null) places.push(sorted(keys.watched));
  if (lifecycle.state === 'queued') {
    places.push({ kind: 'waiting', key: keys.waiting(job.owner), detail: String(lifecycle.queuedAtMs) });
  } else if (!isTerminal(lifecycle.state)) {
    places.push(sorted(keys.underway(job.owner)));
  }
  return places;
}

/** The entries that only failed jobs have, and that an earlier version did not write. */
export function failurePlacesOf(keys: LedgerKeys, { job }: StoredJob): Place[] {
  const { lifecycle } = job;
  if (lifecycle.state !== 'failed') return [];
  return [
    named(keys.providerIds, ownRequestName(job.requestId)),
    { kind: 'failed', ...failurePlaceOf(keys, job, lifecycle) },
  ];
}

/** What has to be taken out of the indexes and put into them when one record replaces the other. */
export function movesBetween(before: readonly Place[], after: readonly Place[]): { out: Place[]; in: Place[] } {
  return {
    // A changed score needs no removal: adding the entry again moves it.
    out: before.filter((place) => !after.some((other) => sameEntry(place, other))),
    in: after.filter((place) => !before.some((other) => sameEntry(place, other) && place.detail === other.detail)),
  };
}

export function keysOf(places: readonly Place[]): string[] {
  return places.map((place) => place.key);
}

const additionSigns = { sorted: '+', named: '=', waiting: '>', failed: '*' } as const satisfies Record<
  Place['kind'],
  string
>;

/** The arguments by which a script puts a job into places. */
export function additionsOf(places: readonly Place[]): string[] {
  return places.map(({ kind, detail }) => additionSigns[kind] + detail);
}

/** The arguments by which a script takes a job out of places. */
export function removalsOf(places: readonly Place[]): string[] {
  return places.map(removalOf);
}

function removalOf({ kind, detail }: Place): string {
  switch (kind) {
    case 'sorted':
      return '-';
    case 'named':
      return `!${detail}`;
    case 'waiting':
      return '<';
    case 'failed':
      return `~${detail}`;
  }
}

/** The ids by which provider support or an operator may ask for a job in this state, as field names of one hash. */
function namesIn(lifecycle: Lifecycle): string[] {
  const generationId = generationIdOf(lifecycle);
  const requestId = evidenceOf(lifecycle)?.requestId ?? null;
  return [
    ...(generationId === null ? [] : [generationName(generationId)]),
    ...(requestId === null ? [] : [requestName(requestId)]),
  ];
}

/**
 * The other names of a job after an event, newest last, bounded: those of states it was in, and of good answers, which no
 * state has.
 */
export function keptNamesAfter(before: StoredJob, event: VideoJobEvent, next: Lifecycle): readonly string[] {
  const current = namesIn(next);
  const known = [...before.keptNames, ...namesIn(before.job.lifecycle), ...namesOfAnswer(event)];
  return [...new Set(known)].filter((name) => !current.includes(name)).slice(-keptNamesMax);
}

function namesOfAnswer(event: VideoJobEvent): string[] {
  const isNamed = 'providerRequestId' in event && event.providerRequestId !== undefined;
  return isNamed ? [requestName(event.providerRequestId)] : [];
}

export const generationName = (generationId: string): string => `g:${generationId}`;
export const requestName = (requestId: string): string => `r:${requestId}`;
export const ownRequestName = (requestId: string): string => `o:${requestId}`;

/** A job of `client/user` is also one of `client`. */
function ownersOf(owner: string): string[] {
  const slash = owner.indexOf('/');
  return slash === -1 ? [owner] : [owner, owner.slice(0, slash)];
}

function evidenceOf(lifecycle: Lifecycle): ProviderEvidence | null {
  switch (lifecycle.state) {
    case 'queued':
      return lifecycle.deferral?.evidence ?? null;
    case 'submission_unknown':
      return lifecycle.evidence;
    case 'failed':
      return lifecycle.failure.evidence;
    case 'cancelling':
      return evidenceOf(lifecycle.following);
    case 'submitting':
    case 'generating':
    case 'storing':
    case 'completed':
    case 'cancelled':
      return null;
  }
}

function sorted(key: string, score = 0): Place {
  return { kind: 'sorted', key, detail: String(score) };
}

function named(key: string, field: string): Place {
  return { kind: 'named', key, detail: field };
}

function sameEntry(one: Place, other: Place): boolean {
  return one.key === other.key && (one.kind !== 'named' || one.detail === other.detail);
}
