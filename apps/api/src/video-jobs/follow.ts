import { isTerminal, type VideoJob, type VideoJobEventType } from '@video-proxy/core';
import type { RecordedEvent } from '@video-proxy/ledger';
import type { VideoJobParts } from './parts.ts';
import { watchChanges } from './watch-changes.ts';

export type Followed =
  | { readonly kind: 'event'; readonly event: RecordedEvent & { readonly attempt: number }; readonly job: VideoJob }
  /** Nothing happened for a while. */
  | { readonly kind: 'quiet'; readonly job: VideoJob }
  /** The job has ended and all its events were told. */
  | { readonly kind: 'ended'; readonly job: VideoJob };

export interface Following {
  /** The last event the asker has seen. */
  readonly after: string | null;
  readonly quietMs: number;
  /** The longest anybody is served in one go; who still wants to know comes back with the last event's id. */
  readonly longestMs: number;
  readonly signal: AbortSignal;
}

/** More lines than a history keeps. */
const eventsMax = 1_000;

/** The lines an owner is told. The others are notes of the workers for the operators. */
const toldTypes: Record<'created' | VideoJobEventType, true> = {
  created: true,
  submit_started: true,
  submit_accepted: true,
  submit_refused: true,
  submit_deferred: true,
  submit_lost: true,
  submission_not_found: true,
  generation_succeeded: true,
  generation_failed: true,
  generation_not_found: true,
  deadline_passed: true,
  artifact_stored: true,
  artifact_failed: true,
  hold_expired: true,
  cancel_requested: true,
  retry_requested: true,
  recheck_requested: true,
  recheck_ended: true,
  watch_ended: true,
};

/**
 * The history of a job after an event, then what happens to it, until it ends or is deleted. Nothing is buffered: for a
 * slow reader the ledger is read slowly.
 */
export async function* followVideoJob(
  { ledger, now }: Pick<VideoJobParts, 'ledger' | 'now'>,
  id: string,
  { after, quietMs, longestMs, signal }: Following,
): AsyncGenerator<Followed> {
  using changes = watchChanges(ledger.changes, id);
  const untilMs = now() + longestMs;
  const told = after === null ? 0 : Number(after);
  let cursor: string | undefined;
  let attempt = 1;
  let sawEnd = false;
  while (!signal.aborted && now() < untilMs) {
    const events = await ledger.jobs.events(id, {
      ...(cursor === undefined ? {} : { after: cursor }),
      limit: eventsMax,
    });
    // Read after its events: a job that is older than the event it is told with would be shown until the next event.
    const job = await ledger.jobs.get(id);
    if (job === null) return;
    if (cursor === undefined) attempt = attemptBefore(events, job);
    for (const event of events) {
      cursor = event.id;
      if (event.type === 'retry_requested') attempt += 1;
      if (Number(event.id) > told && event.type in toldTypes)
        yield { kind: 'event', event: { ...event, attempt }, job };
    }
    if (isTerminal(job.lifecycle.state)) {
      if (sawEnd && events.length === 0) {
        yield { kind: 'ended', job };
        return;
      }
      // The event that ended it may have come between the two reads.
      sawEnd = true;
      continue;
    }
    sawEnd = false;
    const lookedAtMs = now();
    await changes.next(quietMs, signal);
    if (now() - lookedAtMs >= quietMs) yield { kind: 'quiet', job };
  }
}

/** Always 1, unless the oldest lines of a very long history are gone. */
function attemptBefore(events: readonly RecordedEvent[], job: VideoJob): number {
  if (events[0]?.type === 'created') return 1;
  return Math.max(1, job.attempt - events.filter(({ type }) => type === 'retry_requested').length);
}
