import { createHash } from 'node:crypto';
import { isTerminal, mayHaveBeenBilled, type VideoJob } from '@video-proxy/core';
import type { CreateContext, CreateOutcome, NewVideoJob, VideoJobs } from '../video-jobs/index.ts';

interface Repeats {
  /** Whatever makes two requests one. */
  readonly same: unknown;
  /** For how long the same request means the same video. */
  readonly windowMs: number;
  readonly nowMs: number;
}

/**
 * Creates a job once for all who ask for the same without a word of their own that it is the same. What has failed or was cancelled
 * without cost does not count: who asks for it again wants another try.
 */
export async function createOnce(
  jobs: Pick<VideoJobs, 'create' | 'findCreated'>,
  wanted: NewVideoJob,
  context: CreateContext,
  { same, windowMs, nowMs }: Repeats,
): Promise<CreateOutcome> {
  if (context.idempotencyKey !== null) return jobs.create(wanted, context);
  const request = createHash('sha256').update(JSON.stringify(same)).digest('hex');
  const window = Math.floor(nowMs / windowMs);
  const keyOf = (index: number) => `same-${request}-${index}`;

  let key = keyOf(window - 1);
  for (let before = await find(key); before !== null; before = await find(key)) {
    if (before.createdAtMs <= nowMs - windowMs) break;
    if (!wasForNothing(before)) return { kind: 'replayed', job: before };
    key = afterThat(key, before);
  }
  for (key = keyOf(window); ; ) {
    const outcome = await jobs.create(wanted, { ...context, idempotencyKey: key });
    if (outcome.kind !== 'replayed' || !wasForNothing(outcome.job)) return outcome;
    key = afterThat(key, outcome.job);
  }

  function find(idempotencyKey: string): Promise<VideoJob | null> {
    return jobs.findCreated(wanted, { ...context, idempotencyKey });
  }
}

/** As long as the key before, however many tries there were. */
function afterThat(key: string, { id }: VideoJob): string {
  return `${key.split('/', 1)[0]}/${id}`;
}

function wasForNothing({ lifecycle }: VideoJob): boolean {
  return isTerminal(lifecycle.state) && lifecycle.state !== 'completed' && !mayHaveBeenBilled(lifecycle);
}
