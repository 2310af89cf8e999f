import { isTerminal, type VideoJob } from './video-job.ts';
import { generationIdOf } from './video-job-facts.ts';

/**
 * Telling a receiver, by a webhook, that a video job has ended. A delivery is told at least once: whoever was told but did
 * not say so is told again under the same id.
 */
export interface Delivery {
  /** `evt_…`: the same for every try, so that a receiver recognises what it has had already. */
  readonly id: string;
  readonly jobId: string;
  /** As the job has it, for the log; absent in what an earlier version announced. */
  readonly requestId?: string;
  readonly generationId?: string;
  /** Of the job; a receiver is known by it together with its address. */
  readonly owner: string;
  readonly url: string;
  readonly type: DeliveryType;
  readonly createdAtMs: number;
  readonly state: DeliveryState;
  /** Oldest first, the last ones only. */
  readonly tries: readonly DeliveryTry[];
  /** Of the current round: the first one, or the last resend. */
  readonly triesLeft: number;
  /** Null when there is none to come. */
  readonly nextTryAtMs: number | null;
  /** Since when every try of the current round has failed. */
  readonly failingSinceMs: number | null;
  /** Somebody asked for it: it is tried although the receiver is off. */
  readonly resent?: true;
}

/** The public statuses of an ended job: also a cancelled one has failed. The names are those of OpenAI's events. */
export type DeliveryType = 'video.completed' | 'video.failed';

/** `off`: not tried, because the receiver takes nothing any more. */
export type DeliveryState = 'pending' | 'delivered' | 'failed' | 'off';

export interface DeliveryTry {
  readonly atMs: number;
  /** What the receiver answered; null when it did not. */
  readonly statusCode: number | null;
  /** Why it does not count as delivered; null when it does. */
  readonly finding: string | null;
  /** Why the receiver was not reached at all, in a word. */
  readonly code?: string;
}

/** What one try came to. `gone`: the receiver asks never to be called again (410). */
export interface TryResult {
  readonly kind: 'taken' | 'not_taken' | 'gone';
  readonly statusCode: number | null;
  readonly finding: string | null;
  readonly code?: string;
}

/** What a try says about the receiver. `exhausted`: it has failed a whole round. */
export type ReceiverNews = 'works' | 'fails' | 'exhausted' | 'gone';

const seconds = 1_000;
const minutes = 60 * seconds;
const hours = 60 * minutes;

/** Pauses before the second and each further try: eight tries within 28 hours, so that a day off is survived. */
const pausesMs = [5 * seconds, 5 * minutes, 30 * minutes, 2 * hours, 5 * hours, 10 * hours, 10 * hours] as const;
export const deliveryTriesMax = pausesMs.length + 1;
/** Two rounds of tries, and a few that somebody asked for. */
const triesKept = 20;

/** The delivery that a job's end calls for; null while it goes on, and when nobody wants to be told. */
export function deliveryOf({ id, requestId, owner, webhookUrl, lifecycle }: VideoJob, nowMs: number): Delivery | null {
  if (webhookUrl === undefined || !isTerminal(lifecycle.state) || !('endedAtMs' in lifecycle)) return null;
  const generationId = generationIdOf(lifecycle);
  return {
    // One job may end more than once (a late video), and each end has an id that can be found again.
    id: `evt_${id.slice(id.indexOf('_') + 1)}_${lifecycle.endedAtMs.toString(36)}`,
    jobId: id,
    requestId,
    ...(generationId === null ? {} : { generationId }),
    owner,
    url: webhookUrl,
    type: lifecycle.state === 'completed' ? 'video.completed' : 'video.failed',
    createdAtMs: lifecycle.endedAtMs,
    state: 'pending',
    tries: [],
    triesLeft: deliveryTriesMax,
    nextTryAtMs: nowMs,
    failingSinceMs: null,
  };
}

/** @param spread between 0 and 1, by chance: receivers that come back are not met by everything at once */
export function afterTry(
  delivery: Delivery,
  { kind, ...result }: TryResult,
  nowMs: number,
  spread: number,
): { delivery: Delivery; news: ReceiverNews } {
  const tries = [...delivery.tries, { atMs: nowMs, ...result }].slice(-triesKept);
  const triesLeft = delivery.triesLeft - 1;
  const over = { ...delivery, tries, triesLeft, nextTryAtMs: null };
  if (kind === 'taken') return { delivery: { ...over, state: 'delivered', failingSinceMs: null }, news: 'works' };
  const failingSinceMs = delivery.failingSinceMs ?? nowMs;
  if (kind === 'gone') return { delivery: { ...over, state: 'failed', failingSinceMs }, news: 'gone' };
  const pauseMs = pausesMs[pausesMs.length - triesLeft];
  if (pauseMs === undefined) return { delivery: { ...over, state: 'failed', failingSinceMs }, news: 'exhausted' };
  const nextTryAtMs = nowMs + Math.round(pauseMs * (1 + spread / 10));
  return { delivery: { ...over, failingSinceMs, nextTryAtMs }, news: 'fails' };
}

/** A new round of tries that begins now, whatever became of it before. */
export function resent(delivery: Delivery, nowMs: number): Delivery {
  const round = { triesLeft: deliveryTriesMax, nextTryAtMs: nowMs, failingSinceMs: null, resent: true } as const;
  return { ...delivery, ...round, state: 'pending' };
}

/** Its receiver was turned off before it could be told. */
export function turnedOff(delivery: Delivery): Delivery {
  return { ...delivery, state: 'off', nextTryAtMs: null };
}
