import { terminalStates, type VideoJob, type VideoJobState, videoJobStates } from '@video-proxy/core';
import { boundsOf, groupsOf, type VideoJobFilter } from './filter.ts';
import { generationName, ownRequestName, requestName } from './placement.ts';
import { type PromptPage, type PromptSearch, searchPrompts } from './prompt-search.ts';
import type { LedgerTools } from './scripts.ts';
import { firstUlidAt, jobIdOf, ownUlidOf, ulidOf } from './video-job-id.ts';
import { loadJobs, walk } from './walk.ts';

export interface VideoJobListing extends VideoJobFilter {
  readonly limit: number;
  readonly order?: 'newest' | 'oldest';
  /** The last id of the page before. */
  readonly after?: string;
}

export interface VideoJobPage {
  readonly jobs: VideoJob[];
  readonly hasMore: boolean;
  /**
   * The id to pass as `after` for the next page, null at the end. Usually that of the last job here; further on when the
   * search came to its bound before the page was full.
   */
  readonly next: string | null;
}

export interface VideoJobSlice {
  readonly jobs: VideoJob[];
  /** To go on from here; null at the end. */
  readonly cursor: string | null;
}

/** Finding jobs through indexes. Every call looks at a bounded number of entries, however many jobs there are. */
export interface VideoJobSearch {
  /** By creation, newest first unless the query says otherwise; jobs that come meanwhile never shift a later page. */
  list(query: VideoJobListing): Promise<VideoJobPage>;
  /** One slice of the jobs in a state, oldest first by creation. */
  inState(
    state: VideoJobState,
    options: { limit: number; createdBeforeMs?: number; cursor?: string | null },
  ): Promise<VideoJobSlice>;
  /** The ids of the jobs in a state, slice by slice, oldest first by creation; no document is read. */
  idsInState(state: VideoJobState): AsyncIterable<readonly string[]>;
  /** The jobs with these ids, without those that are gone; one round trip. */
  getMany(ids: readonly string[]): Promise<VideoJob[]>;
  /** The ids of the ended jobs that are still looked at, likewise. */
  watchedIds(): AsyncIterable<readonly string[]>;
  /** One slice of the jobs that ended before a time, oldest first by creation; `limit` counts what is looked at. */
  endedBefore(timeMs: number, options: { limit: number; cursor?: string | null }): Promise<VideoJobSlice>;
  counts(): Promise<Record<VideoJobState, number>>;
  findByGenerationId(generationId: string): Promise<string | null>;
  findByProviderRequestId(requestId: string): Promise<string | null>;
  /** By any name of the indexes: an id of the provider, or our own request id, which only failed jobs have there. */
  findByName(name: string): Promise<NamedJob | null>;
  /** Those of these owners that have jobs. */
  ownersAmong(owners: readonly string[]): Promise<string[]>;
  searchPrompts(search: PromptSearch): Promise<PromptPage>;
}

export interface NamedJob {
  readonly id: string;
  readonly name: 'generation_id' | 'provider_request_id' | 'request_id';
}

export function videoJobSearch(tools: LedgerTools): VideoJobSearch {
  const { redis, keys } = tools;
  return {
    list: (query) => list(tools, query),

    inState: (state, { limit, createdBeforeMs = null, cursor = null }) =>
      slice(tools, [state], createdBeforeMs, limit, cursor),

    idsInState: (state) => idsIn(tools, keys.state(state)),

    watchedIds: () => idsIn(tools, keys.watched),

    getMany: (ids) =>
      loadJobs(
        tools,
        ids.map(ulidOf).filter((ulid) => ulid !== null),
      ),

    async endedBefore(timeMs, { limit, cursor = null }) {
      // What was created later cannot have ended earlier, so the walk along creation is cut off there.
      const { jobs, cursor: next } = await slice(tools, terminalStates, timeMs, limit, cursor);
      const ended = jobs.filter(({ lifecycle }) => 'endedAtMs' in lifecycle && lifecycle.endedAtMs < timeMs);
      return { jobs: ended, cursor: next };
    },

    async counts() {
      const sizes = await Promise.all(videoJobStates.map((state) => redis.zcard(keys.state(state))));
      return Object.fromEntries(videoJobStates.map((state, index) => [state, sizes[index] ?? 0])) as Record<
        VideoJobState,
        number
      >;
    },

    findByGenerationId: (generationId) => find(tools, generationName(generationId)),
    findByProviderRequestId: (requestId) => find(tools, requestName(requestId)),

    async findByName(name) {
      const fields = [generationName(name), requestName(name), ownRequestName(name)];
      const [generation, request, own] = await redis.hmget(keys.providerIds, ...fields);
      if (generation) return { id: jobIdOf(generation), name: 'generation_id' };
      if (request) return { id: jobIdOf(request), name: 'provider_request_id' };
      return own ? { id: jobIdOf(own), name: 'request_id' } : null;
    },

    async ownersAmong(owners) {
      const known = await Promise.all(owners.map((owner) => redis.exists(keys.owner(owner))));
      return owners.filter((_, index) => known[index] === 1);
    },

    searchPrompts: (search) => searchPrompts(tools, search),
  };
}

async function find({ redis, keys }: LedgerTools, name: string): Promise<string | null> {
  const ulid = await redis.hget(keys.providerIds, name);
  return ulid === null ? null : jobIdOf(ulid);
}

async function list(
  tools: LedgerTools,
  { limit, after, order = 'newest', ...filter }: VideoJobListing,
): Promise<VideoJobPage> {
  const start = after === undefined ? null : ulidOf(after);
  if (after !== undefined && start === null) return { jobs: [], hasMore: false, next: null };
  const { found, last } = await walk(tools, {
    groups: groupsOf(tools.keys, filter),
    order,
    ...boundsOf(order, start, filter),
    // One more than asked for tells whether there is another page.
    wanted: limit + 1,
  });
  const page = found.slice(0, limit);
  const next = found.length > limit ? (page.at(-1) ?? null) : last;
  return { jobs: await loadJobs(tools, page), hasMore: next !== null, next: next === null ? null : jobIdOf(next) };
}

const idsPerSlice = 500;

async function* idsIn(tools: LedgerTools, index: string): AsyncGenerator<readonly string[]> {
  let start: string | null = '-';
  while (start !== null) {
    const { found, last } = await walk(tools, {
      groups: [[index]],
      order: 'oldest',
      start,
      finish: '+',
      wanted: idsPerSlice,
    });
    if (found.length > 0) yield found.map(jobIdOf);
    start = last === null ? null : `(${last}`;
  }
}

async function slice(
  tools: LedgerTools,
  states: readonly VideoJobState[],
  createdBeforeMs: number | null,
  limit: number,
  cursor: string | null,
): Promise<VideoJobSlice> {
  const { found, last } = await walk(tools, {
    groups: [states.map(tools.keys.state)],
    order: 'oldest',
    start: cursor === null ? '-' : `(${ownUlidOf(cursor)}`,
    finish: createdBeforeMs === null ? '+' : `(${firstUlidAt(createdBeforeMs)}`,
    wanted: limit,
  });
  return { jobs: await loadJobs(tools, found), cursor: last === null ? null : jobIdOf(last) };
}
