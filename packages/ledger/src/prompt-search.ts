import type { VideoJob } from '@video-proxy/core';
import { boundsOf, groupsOf, type VideoJobFilter } from './filter.ts';
import type { LedgerTools } from './scripts.ts';
import { createdAtMsOf, jobIdOf, ulidOf } from './video-job-id.ts';
import { loadJobs, walk } from './walk.ts';

export interface PromptSearch extends VideoJobFilter {
  /** Parts of words, all of which have to be in the prompt; upper and lower case are the same. */
  readonly words: readonly string[];
  /** A job of this request is found as well, whatever its prompt. */
  readonly requestId?: string;
  readonly limit: number;
  /** Where the page before said that it goes on. */
  readonly after?: string;
}

export interface PromptPage {
  readonly jobs: VideoJob[];
  readonly hasMore: boolean;
  readonly next: string | null;
  /** All jobs created since then have been looked at; null when there are no others. */
  readonly searchedUntilMs: number | null;
  readonly searched: number;
}

/** A look at this many jobs stays well below a tenth of a second. */
const looksMax = 2_500;
const jobsPerRead = 250;
/** Where few jobs meet the other conditions, it is the indexes that are looked through. */
const slicesMax = 25;
const scansPerSlice = 2;
/** The longest prompt and what stands before it in a document; parameters with pictures in them are cut off. */
const beginningBytes = 130_000;
/** One read keeps Redis busy for a millisecond or two. */
const bytesPerRead = 2_000_000;

/**
 * Looks through the prompts of jobs, newest first. There is no index of words, so one call looks at a bounded number of
 * jobs and says how far it came.
 */
export async function searchPrompts(
  tools: LedgerTools,
  { words, requestId, limit, after, ...filter }: PromptSearch,
): Promise<PromptPage> {
  const start = after === undefined ? null : ulidOf(after);
  if (after !== undefined && start === null) {
    return { jobs: [], hasMore: false, next: null, searchedUntilMs: null, searched: 0 };
  }
  const wanted = wantedIn(words, requestId);
  const found: VideoJob[] = [];
  const bounds = boundsOf('newest', start, filter);
  let from: string | null = bounds.start;
  let searched = 0;
  let slices = 0;
  let last: string | null = null;
  while (from !== null && searched < looksMax && slices < slicesMax && found.length < limit) {
    slices += 1;
    const slice = await nextSlice(tools, filter, from, bounds.finish);
    const { jobs, lookedAt } = await matching(tools, slice.ulids, wanted, limit - found.length);
    found.push(...jobs);
    searched += lookedAt;
    const wholeSlice = lookedAt === slice.ulids.length;
    last = wholeSlice ? slice.last : (slice.ulids[lookedAt - 1] ?? null);
    from = last === null ? null : `(${last}`;
  }
  return {
    jobs: found,
    hasMore: last !== null,
    next: last === null ? null : jobIdOf(last),
    searchedUntilMs: last === null ? null : createdAtMsOf(last),
    searched,
  };
}

async function nextSlice(tools: LedgerTools, filter: VideoJobFilter, start: string, finish: string) {
  const groups = groupsOf(tools.keys, filter);
  const { found, last } = await walk(tools, {
    groups,
    order: 'newest',
    start,
    finish,
    wanted: jobsPerRead,
    scansMax: scansPerSlice,
  });
  return { ulids: found, last };
}

interface Wanted {
  /** A quick look at the written form: it may say yes to too much, never no. */
  mayBe(document: string): boolean;
  is(job: VideoJob): boolean;
}

function wantedIn(words: readonly string[], requestId: string | undefined): Wanted {
  const lowered = words.map((word) => word.toLowerCase());
  const written = lowered.map((word) => JSON.stringify(word).slice(1, -1));
  const writtenId = requestId === undefined ? null : JSON.stringify(requestId).toLowerCase();
  return {
    mayBe(document) {
      const text = document.toLowerCase();
      return written.every((word) => text.includes(word)) || (writtenId !== null && text.includes(writtenId));
    },
    is(job) {
      const prompt = job.prompt?.toLowerCase() ?? '';
      return lowered.every((word) => prompt.includes(word)) || job.requestId === requestId;
    },
  };
}

/** The first jobs among these that are wanted, and how many of the ids were looked at for that. */
async function matching(
  tools: LedgerTools,
  ulids: readonly string[],
  wanted: Wanted,
  countMax: number,
): Promise<{ jobs: VideoJob[]; lookedAt: number }> {
  if (ulids.length === 0) return { jobs: [], lookedAt: 0 };
  const beginnings = await tools.scripts.documents(
    ulids.map((ulid) => tools.keys.job(ulid)),
    [beginningBytes, bytesPerRead],
  );
  const candidates = beginnings.flatMap((text, index) => {
    const ulid = ulids[index];
    return ulid !== undefined && wanted.mayBe(text) ? [{ ulid, index }] : [];
  });
  const jobs: VideoJob[] = [];
  for (let at = 0; at < candidates.length; at += countMax) {
    const some = candidates.slice(at, at + countMax);
    for (const job of await loadJobs(
      tools,
      some.map(({ ulid }) => ulid),
    )) {
      if (!wanted.is(job)) continue;
      jobs.push(job);
      if (jobs.length < countMax) continue;
      return { jobs, lookedAt: ulids.indexOf(ulidOf(job.id) ?? '') + 1 };
    }
  }
  return { jobs, lookedAt: beginnings.length };
}
