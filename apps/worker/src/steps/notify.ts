import type { StepPayloads } from '@video-proxy/contracts';
import { afterTry, type Delivery, type TryResult, turnedOff } from '@video-proxy/core';
import type { PostAnswer } from '@video-proxy/outbound';
import type { StepHandler, StepOutcome } from '@video-proxy/queue';
import { deliveryNames, writeLine } from '@video-proxy/telemetry';
import type { WorkerParts } from '../worker-parts.ts';

type NotifyParts = Pick<WorkerParts, 'ledger' | 'webhooks' | 'limits' | 'log' | 'now' | 'random'>;

const done: StepOutcome = { kind: 'done' };
/** Calls to one receiver at a time: a slow one leaves room for the others. */
const callsPerReceiverMax = 3;
const crowdedPauseMs = 1_000;
/** Whoever sets the missing secret restarts this process: then a step is tried again by itself. */
const noSecretPauseMs = 60_000;

/** Tells a receiver that a job has ended: at least once, under the same id each time. Nothing of it changes the job. */
export function notifyStep(parts: NotifyParts): StepHandler<StepPayloads['notify']> {
  const calls = new Map<string, number>();

  return async ({ deliveryId }, { signal }) => {
    const delivery = await parts.ledger.deliveries.get(deliveryId);
    if (delivery === null) {
      await parts.ledger.deliveries.dropDue(deliveryId);
      return done;
    }
    if (delivery.state !== 'pending' || delivery.nextTryAtMs === null) return done;
    const waitMs = delivery.nextTryAtMs - parts.now();
    if (waitMs > 0) return snooze(waitMs);
    if (parts.webhooks === null) {
      writeLine(parts.log, 'webhook_unsigned', deliveryNames(delivery));
      return snooze(noSecretPauseMs);
    }
    if (await isOff(parts, delivery)) return done;

    const { host } = new URL(delivery.url);
    const others = calls.get(host) ?? 0;
    if (others >= callsPerReceiverMax) return snooze(crowdedPauseMs);
    calls.set(host, others + 1);
    try {
      const atMs = parts.now();
      const answer = await parts.webhooks.call({ ...delivery, body: bodyOf(delivery), atMs }, signal);
      return await settle(parts, delivery, resultOf(answer));
    } finally {
      const left = (calls.get(host) ?? 1) - 1;
      if (left > 0) calls.set(host, left);
      else calls.delete(host);
    }
  };
}

/** The thin event of OpenAI's webhooks: whoever wants to know more reads the job. */
function bodyOf({ id, type, createdAtMs, jobId }: Delivery): string {
  const created = Math.floor(createdAtMs / 1_000);
  return JSON.stringify({ id, object: 'event', created_at: created, type, data: { id: jobId } });
}

const gone = 410;

function resultOf(answer: PostAnswer): TryResult {
  if (answer.kind === 'unreached') {
    return { kind: 'not_taken', statusCode: null, finding: answer.finding, code: answer.code };
  }
  const { statusCode } = answer;
  if (statusCode >= 200 && statusCode < 300) return { kind: 'taken', statusCode, finding: null };
  if (statusCode === gone) return { kind: 'gone', statusCode, finding: 'it answered 410: never call again' };
  const advice = statusCode >= 300 && statusCode < 400 ? ', and redirects are not followed' : '';
  return { kind: 'not_taken', statusCode, finding: `it answered ${statusCode}${advice}` };
}

/** What waits for a receiver that was turned off meanwhile is over, unless somebody has asked for it. */
async function isOff({ ledger, limits, now }: NotifyParts, delivery: Delivery): Promise<boolean> {
  if (delivery.resent === true) return false;
  const { offSinceMs } = await ledger.deliveries.receiverOf(delivery);
  if (offSinceMs === null) return false;
  const next = (current: Delivery) =>
    current.state === 'pending' && current.resent !== true ? { delivery: turnedOff(current) } : null;
  const change = await ledger.deliveries.change(delivery.id, next, { nowMs: now(), lifetimeMs: limits.retentionMs });
  return change.kind === 'written';
}

async function settle(parts: NotifyParts, { id }: Delivery, result: TryResult): Promise<StepOutcome> {
  const { limits } = parts;
  const nowMs = parts.now();
  const next = (current: Delivery) =>
    current.state === 'pending' ? afterTry(current, result, nowMs, parts.random()) : null;
  const change = await parts.ledger.deliveries.change(id, next, { nowMs, lifetimeMs: limits.retentionMs });
  if (change.kind === 'unchanged') return done;
  const { nextTryAtMs } = change.delivery;
  return nextTryAtMs === null ? done : snooze(nextTryAtMs - nowMs);
}

function snooze(delayMs: number): StepOutcome {
  return { kind: 'snooze', delayMs };
}
