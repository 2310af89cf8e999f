import { isTerminal, type JsonObject, transition, type VideoJob, type VideoJobEvent } from '@video-proxy/core';
import { jobMessage } from './change-feed.ts';
import { detailsOf, linesMax, writeLine } from './history.ts';
import { additionsOf, keptNamesAfter, keysOf, movesBetween, placesOf, removalsOf } from './placement.ts';
import type { LedgerTools } from './scripts.ts';
import { newWriter, readJob, type StoredJob, writeJob } from './stored-job.ts';

export type Application =
  | { readonly kind: 'changed'; readonly job: VideoJob; readonly previous: VideoJob }
  /** The event means nothing in the state the job is in: somebody else was first, or it came late. */
  | { readonly kind: 'unchanged'; readonly job: VideoJob }
  | { readonly kind: 'missing' };

export interface ApplyOptions {
  /** The attempt the event is about: what comes late about an earlier one changes nothing. */
  readonly attempt?: number;
  /** Asked again whenever another writer was faster: without it a decision about an earlier state would be carried out. */
  readonly when?: (job: VideoJob) => boolean;
  /** Who and why, for the history. */
  readonly circumstances?: JsonObject;
}

/** Each lost race means that another writer won one, and a job has far fewer changes than this in it. */
const racesMax = 100;

export async function readStored({ redis, keys }: LedgerTools, ulid: string): Promise<StoredJob | null> {
  const text = await redis.lindex(keys.job(ulid), 0);
  return text === null ? null : readJob(ulid, text);
}

export async function applyEvent(
  tools: LedgerTools,
  ulid: string,
  event: VideoJobEvent,
  nowMs: number,
  { attempt, when = () => true, circumstances = {} }: ApplyOptions,
): Promise<Application> {
  let before = await readStored(tools, ulid);
  for (let races = 0; races < racesMax; races += 1) {
    if (before === null) return { kind: 'missing' };
    const isMeant = (attempt === undefined || attempt === before.job.attempt) && when(before.job);
    if (!isMeant) return { kind: 'unchanged', job: before.job };
    const job = transition(before.job, event, nowMs);
    if (job === before.job) return { kind: 'unchanged', job };
    const line = writeLine(nowMs, event.type, job.lifecycle.state, detailsOf(event, circumstances));
    const after = {
      ...before,
      job,
      version: before.version + 1,
      keptNames: keptNamesAfter(before, event, job.lifecycle),
    };
    const result = await writeChange(tools, ulid, before, after, line);
    if (result === 'written') return { kind: 'changed', job, previous: before.job };
    before = result;
  }
  throw new Error(`${racesMax} writers in a row were faster than ${event.type} on ${ulid}`);
}

/** Only what has ended: a job that was retried meanwhile is in use again, and nobody may take it away. */
export async function deleteJob(
  tools: LedgerTools,
  ulid: string,
  when: (job: VideoJob) => boolean,
): Promise<VideoJob | null> {
  let stored = await readStored(tools, ulid);
  for (let races = 0; races < racesMax; races += 1) {
    if (stored === null || !isTerminal(stored.job.lifecycle.state) || !when(stored.job)) return null;
    const result = await remove(tools, ulid, stored);
    if (result === 'written') return stored.job;
    stored = result;
  }
  throw new Error(`${racesMax} writers in a row were faster than deleting ${ulid}`);
}

/** What a conditional write came to; a loser gets what the winner left, without another round trip. */
type Outcome = 'written' | StoredJob | null;

async function writeChange(
  { scripts, keys }: LedgerTools,
  ulid: string,
  before: StoredJob,
  after: StoredJob,
  line: string,
): Promise<Outcome> {
  const moves = movesBetween(placesOf(keys, before), placesOf(keys, after));
  const writer = newWriter();
  const reply = await scripts.change(
    [keys.job(ulid), ...keysOf(moves.out), ...keysOf(moves.in)],
    [
      ulid,
      before.version,
      writer,
      writeJob(after, writer),
      line,
      linesMax,
      keys.changes,
      jobMessage(ulid, after.version, after.job.lifecycle.state),
      ...removalsOf(moves.out),
      ...additionsOf(moves.in),
    ],
  );
  return outcomeOf(ulid, reply);
}

async function remove({ scripts, keys }: LedgerTools, ulid: string, stored: StoredJob): Promise<Outcome> {
  const places = placesOf(keys, stored);
  const key = keys.job(ulid);
  const idempotency = stored.idempotencyHash === null ? key : keys.idempotency(stored.idempotencyHash);
  const reply = await scripts.remove(
    [key, idempotency, ...keysOf(places)],
    [ulid, stored.version, keys.changes, jobMessage(ulid, stored.version, null), ...removalsOf(places)],
  );
  return outcomeOf(ulid, reply);
}

function outcomeOf(ulid: string, reply: 1 | string | null): Outcome {
  if (reply === 1) return 'written';
  return reply === null ? null : readJob(ulid, reply);
}
