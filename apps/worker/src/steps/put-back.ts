import { backoffDelayMs, type Hold, type Queued, said, type VideoJob } from '@video-proxy/core';
import { recordAnswer } from '../record-answer.ts';
import type { WorkerParts } from '../worker-parts.ts';

/** The hold that a person sees: the request never left, so it costs nothing to wait. */
const unconfirmed = {
  message:
    'The job store could not confirm in time that a copy of its record exists. The request was not sent, nothing was billed; it is tried again by itself.',
  said: said('hold_record_unconfirmed'),
};

/**
 * Puts a job back whose request has not left: its record is not safe yet, and a job store that forgot it would let the same
 * attempt be sent twice. Or that took so long that others may have given the request up; what they made of it stays. Or this
 * process has to end.
 */
export async function putBack(parts: WorkerParts, job: VideoJob, queued: Queued): Promise<void> {
  await putOff(parts, job, queued, { code: 'internal_error', ...unconfirmed, evidence: null });
}

/**
 * Lets a job that was certainly not taken keep its place and wait.
 *
 * @param untilMs when all may try again; a job that waits for a reason of its own waits about as long as it has already
 */
export async function putOff(
  parts: WorkerParts,
  job: VideoJob,
  { deferral }: Queued,
  { code, message, said: what, evidence }: Pick<Hold, 'code' | 'message' | 'said' | 'evidence'>,
  untilMs?: number,
): Promise<void> {
  const nowMs = parts.now();
  const sinceMs = deferral?.sinceMs ?? nowMs;
  const doublings = Math.log2(1 + (nowMs - sinceMs) / backoffDelayMs(0, null));
  const againAtMs = untilMs ?? nowMs + backoffDelayMs(Math.floor(doublings), null);
  const hold: Hold = { code, message, ...(what && { said: what }), sinceMs, untilMs: againAtMs, evidence };
  // First, so that nobody takes it in between. Without Redis it is the record that matters, and that waits for Redis.
  await parts.ledger.turns.reserve(job.id, againAtMs).catch(() => undefined);
  await recordAnswer(parts, job, { type: 'submit_deferred', hold });
}
