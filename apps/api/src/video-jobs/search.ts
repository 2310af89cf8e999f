import type { Catalog } from '@video-proxy/aimlapi/catalog';
import { type FailureCode, type PublicStatus, statesOf, type VideoJob, type VideoJobState } from '@video-proxy/core';
import type { Ledger, VideoJobFilter } from '@video-proxy/ledger';
import { readAnyVideoJob } from './read.ts';

/** All conditions hold together. */
export interface JobConditions {
  readonly status?: PublicStatus | undefined;
  readonly phase?: VideoJobState | undefined;
  readonly code?: FailureCode | undefined;
  readonly group?: string | undefined;
  readonly owner?: string | undefined;
  readonly model?: string | undefined;
  /** Unix seconds of creation; `to` is exclusive. */
  readonly from?: number | undefined;
  readonly to?: number | undefined;
}

export interface JobSearch extends JobConditions {
  readonly q?: string | undefined;
  readonly limit: number;
  readonly after?: string | undefined;
}

export interface FoundJobs {
  readonly jobs: readonly VideoJob[];
  readonly hasMore: boolean;
  readonly next: string | null;
  readonly matchedBy:
    | 'job_id'
    | 'client_request_id'
    | 'generation_id'
    | 'provider_request_id'
    | 'request_id'
    | 'owner'
    | 'words'
    | null;
  readonly searchedUntilMs: number | null;
  readonly searched: number | null;
}

export interface JobSearchParts {
  readonly ledger: Pick<Ledger, 'jobs'>;
  readonly catalog: Pick<Catalog, 'find'>;
  /** The names of all clients: a user may be looked for without saying whose they are. */
  readonly clients: readonly string[];
}

const nothing = { jobs: [], hasMore: false, next: null, searchedUntilMs: null, searched: null } as const;

/**
 * What an operator looks for, in the order in which it is cheap to find: ids, then owners, which are all in indexes, and at
 * last the words of prompts, which are not.
 */
export async function searchVideoJobs(parts: JobSearchParts, search: JobSearch): Promise<FoundJobs> {
  const { q = '', limit, after, ...conditions } = search;
  const filter = filterOf(parts, conditions);
  if (filter === null) return { ...nothing, matchedBy: null };
  const page = { ...filter, limit, ...(after === undefined ? {} : { after }) };
  if (q === '') return { ...nothing, ...(await parts.ledger.jobs.list(page)), matchedBy: null };
  const quoted = /^"(.*)"$/s.exec(q)?.[1];
  if (quoted === undefined) {
    const named = (await byId(parts, q)) ?? (await byName(parts, q));
    if (named !== null) return named;
    const owners = await ownersNamed(parts, q);
    if (owners.length > 0) {
      return { ...nothing, ...(await parts.ledger.jobs.list({ ...page, owners })), matchedBy: 'owner' };
    }
  }
  const words = wordsOf(quoted ?? q);
  if (words.length === 0) return { ...nothing, ...(await parts.ledger.jobs.list(page)), matchedBy: null };
  const alsoOf = quoted === undefined && words.length === 1 ? { requestId: q } : {};
  const found = await parts.ledger.jobs.searchPrompts({ ...page, words, ...alsoOf });
  return { ...found, matchedBy: 'words' };
}

export function wordsOf(text: string): string[] {
  return text.split(/\s+/).filter((word) => word !== '');
}

/** The conditions as the ledger knows them; null when no job can meet them. */
export function filterOf(
  { catalog }: Pick<JobSearchParts, 'catalog'>,
  conditions: JobConditions,
): VideoJobFilter | null {
  const { status, phase, code, group, owner, model, from, to } = conditions;
  const states = statesBehind(status, phase);
  if (states?.length === 0) return null;
  return {
    ...(states === null ? {} : { states }),
    ...(code === undefined ? {} : { code }),
    ...(group === undefined ? {} : { failureGroup: group }),
    ...(owner === undefined ? {} : { owner }),
    ...(model === undefined ? {} : { model: catalog.find(model)?.id ?? model }),
    ...(from === undefined ? {} : { fromMs: from * 1_000 }),
    ...(to === undefined ? {} : { toMs: to * 1_000 }),
  };
}

function statesBehind(
  status: PublicStatus | undefined,
  phase: VideoJobState | undefined,
): readonly VideoJobState[] | null {
  if (phase === undefined) return status === undefined ? null : statesOf(status);
  return status === undefined || statesOf(status).includes(phase) ? [phase] : [];
}

/** A job's id, alone or with the number of an attempt: then it is what the provider knows as the client request id. */
const idShape = /^(video_[0-9a-z]{26})(\.\d+)?$/;

async function byId(parts: JobSearchParts, q: string): Promise<FoundJobs | null> {
  const [, id, attempt] = idShape.exec(q.toLowerCase()) ?? [];
  if (id === undefined) return null;
  const job = await readAnyVideoJob(parts, id);
  return {
    ...nothing,
    jobs: job === null ? [] : [job],
    matchedBy: attempt === undefined ? 'job_id' : 'client_request_id',
  };
}

async function byName({ ledger }: JobSearchParts, q: string): Promise<FoundJobs | null> {
  const named = await ledger.jobs.findByName(q);
  const job = named === null ? null : await ledger.jobs.get(named.id);
  return named === null || job === null ? null : { ...nothing, jobs: [job], matchedBy: named.name };
}

/** A client, `client/user`, or a user of any client. */
async function ownersNamed({ ledger, clients }: JobSearchParts, q: string): Promise<string[]> {
  const user = encodeURIComponent(q.toWellFormed());
  const named = await ledger.jobs.ownersAmong([q, ...clients.map((client) => `${client}/${user}`)]);
  // What belongs to a client's user belongs to the client, too.
  return named.includes(q) ? named.filter((owner) => owner !== `${q}/${user}`) : named;
}
