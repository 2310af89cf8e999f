import {
  type FailureCode,
  isOrderable,
  type JobOrder,
  type JsonObject,
  mayHaveBeenBilled,
  type VideoJob,
} from '@video-proxy/core';
import type { BulkPlan, BulkRun, Ledger, SeenJob, VideoJobFilter } from '@video-proxy/ledger';

export interface BulkPlanParts {
  readonly ledger: Pick<Ledger, 'jobs' | 'bulk' | 'holds'>;
  readonly now: () => number;
}

/** What a run takes. An operator who wants more orders another one. */
const jobsMax = 20_000;
/** A job may carry images of some megabytes. */
const jobsPerRead = 200;
/** A read looks through some thousand prompts, and ten of them take about a second. One that ends early, because it is full, is no such read. */
const promptReadsMax = 10;
const promptsMax = 25_000;

/** Jobs that meet conditions, also in their prompts, or these and no others. */
type Meant = (VideoJobFilter & { readonly words?: readonly string[] }) | { readonly ids: readonly string[] };

/** How far a search through prompts came. */
type Reach = Pick<BulkPlan, 'searched' | 'searchedUntilMs'>;

type Prices = Awaited<ReturnType<Ledger['holds']['prices']>>;

/**
 * Looks at every job that is meant, and keeps what was seen: a run is about exactly these jobs, each in the attempt it has
 * now.
 */
export async function planBulk(
  { ledger, now }: BulkPlanParts,
  action: JobOrder,
  wanted: { readonly filter: JsonObject; readonly meant: Meant },
): Promise<BulkRun> {
  const prices = await ledger.holds.prices();
  const sum = newSum(action, prices);
  const seen: SeenJob[] = [];
  let truncated = false;
  let reach: Reach = {};
  for await (const { jobs, ...searched } of slicesOf(ledger, wanted.meant)) {
    reach = searched;
    for (const job of jobs) {
      if (seen.length === jobsMax) truncated = true;
      else if (sum.add(job, isOrderable(job, action, now()))) seen.push({ id: job.id, attempt: job.attempt });
    }
    if (truncated) break;
  }
  return ledger.bulk.plan({ ...sum.result(), ...reach, action, filter: wanted.filter, truncated }, seen, now());
}

type Slice = { readonly jobs: readonly VideoJob[] } & Reach;

async function* slicesOf({ jobs }: Pick<Ledger, 'jobs'>, meant: Meant): AsyncGenerator<Slice> {
  if ('ids' in meant) {
    for (let at = 0; at < meant.ids.length; at += jobsPerRead) {
      yield { jobs: await jobs.getMany(meant.ids.slice(at, at + jobsPerRead)) };
    }
    return;
  }
  const { words, ...filter } = meant;
  if (words !== undefined) return yield* slicesWith(words, { jobs }, filter);
  let after: string | null = '';
  while (after !== null) {
    const page: Awaited<ReturnType<typeof jobs.list>> = await jobs.list({
      ...filter,
      order: 'oldest',
      limit: jobsPerRead,
      ...(after === '' ? {} : { after }),
    });
    yield { jobs: page.jobs };
    after = page.next;
  }
}

async function* slicesWith(
  words: readonly string[],
  { jobs }: Pick<Ledger, 'jobs'>,
  filter: VideoJobFilter,
): AsyncGenerator<Slice> {
  let searched = 0;
  let after: string | null = '';
  let reads = 0;
  while (after !== null && reads < promptReadsMax && searched < promptsMax) {
    const page: Awaited<ReturnType<typeof jobs.searchPrompts>> = await jobs.searchPrompts({
      ...filter,
      words,
      limit: jobsPerRead,
      ...(after === '' ? {} : { after }),
    });
    searched += page.searched;
    if (page.jobs.length < jobsPerRead) reads += 1;
    const { searchedUntilMs } = page;
    yield { jobs: page.jobs, searched, ...(searchedUntilMs === null ? {} : { searchedUntilMs }) };
    after = page.next;
  }
}

function newSum(action: JobOrder, prices: Prices) {
  const byCode: Partial<Record<FailureCode, number>> = {};
  let [matched, unsafe, unpriced, usd, unsafeUsd] = [0, 0, 0, 0, 0];
  let priced = false;

  function addPrice(job: VideoJob, isUnsafe: boolean): void {
    const price = lastPriceOf(job, prices);
    if (price === null) {
      unpriced += 1;
      return;
    }
    priced = true;
    usd += price;
    if (isUnsafe) unsafeUsd += price;
  }

  return {
    /** @returns whether the job is meant */
    add(job: VideoJob, isMeant: boolean): boolean {
      matched += 1;
      if (!isMeant) return false;
      const { lifecycle } = job;
      if (lifecycle.state === 'failed') byCode[lifecycle.failure.code] = (byCode[lifecycle.failure.code] ?? 0) + 1;
      if (lifecycle.state === 'cancelled') byCode.cancelled = (byCode.cancelled ?? 0) + 1;
      if (action !== 'retry') return true;
      const isUnsafe = mayHaveBeenBilled(lifecycle);
      if (isUnsafe) unsafe += 1;
      addPrice(job, isUnsafe);
      return true;
    },
    result(): Omit<BulkPlan, 'action' | 'filter' | 'truncated'> {
      // Only a retry makes another video.
      const isFree = action !== 'retry' || (!priced && unpriced === 0);
      return {
        matched,
        unsafe,
        estimatedUsd: isFree ? 0 : priced ? cents(usd) : null,
        estimatedUnsafeUsd: isFree ? 0 : priced ? cents(unsafeUsd) : null,
        unpriced,
        byCode,
      };
    },
  };
}

/** What the provider held for it the last time; else the most it ever told for the model. */
function lastPriceOf({ lifecycle, model }: VideoJob, prices: Prices): number | null {
  const told = 'usage' in lifecycle ? (lifecycle.usage?.heldUsd ?? null) : null;
  return told ?? prices.get(model)?.highUsd ?? null;
}

const cents = (usd: number): number => Math.round(usd * 100) / 100;
