import { type Delivery, deliveryTriesMax, type SharedHold, type VideoJob } from '@video-proxy/core';
import { type AuditRecord, type Ledger, openLedger } from '@video-proxy/ledger';
import { closeRedis, connectRedis } from '@video-proxy/redis';

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;
/** As many orders as the audit log keeps. */
const orders = 10_000;
const lifetimeMs = 30 * dayMs;
const deliveries = 10_000;
const atOnce = 200;
const heldModels = ['openai/sora-2-t2v', 'kling-video/v2.1/master/text-to-video', 'google/veo-3.1-t2v'];

/** What stands beside the jobs after months of use: several holds, an audit log that is full, deliveries of webhooks. */
export async function seedOperations(redisUrl: string, samples: readonly VideoJob[]): Promise<void> {
  const connect = () => connectRedis(redisUrl, { role: 'blocking', onError: console.error });
  await using opened = new AsyncDisposableStack();
  const connection = opened.adopt(connect(), (redis) => closeRedis(redis));
  const ledger = opened.use(openLedger({ redis: connection, subscriber: connect, namespace: 'vp' }));
  const nowMs = Date.now();
  await putHolds(ledger, nowMs);
  const jobOf = (number: number) => samples[number % samples.length]?.id ?? '';
  await inTurns(orders, (number) => ledger.audit.write(order(number, jobOf(number), nowMs - number * minuteMs)));
  await inTurns(deliveries, async (number) => {
    const made = delivery(number, jobOf(number), nowMs - number * 1_000);
    await ledger.deliveries.announce(made, lifetimeMs);
    // Nothing of it is due: a worker that starts later has nothing to do for it.
    await ledger.deliveries.change(made.id, (known) => ({ delivery: known }), { nowMs, lifetimeMs });
  });
}

async function putHolds({ holds }: Pick<Ledger, 'holds'>, nowMs: number): Promise<void> {
  const hold: SharedHold = {
    code: 'provider_out_of_credits',
    message: 'The account has too few credits for this model.',
    sinceMs: nowMs - 10 * minuteMs,
    untilMs: nowMs + dayMs,
    evidence: null,
    tries: 3,
    refusedAtMs: nowMs - minuteMs,
    balanceUsd: 0.4,
    doubted: false,
  };
  for (const model of heldModels) {
    await holds.notePrice(model, 1.26);
    await holds.change(`model:${model}`, () => hold);
  }
  await holds.change('provider', () => ({ ...hold, code: 'provider_rate_limited', message: 'Too many requests.' }));
}

function order(number: number, jobId: string, atMs: number): AuditRecord {
  return {
    atMs,
    operator: { role: 'operator', key: `ops-${number % 3}`, name: null },
    action: 'job.retry',
    target: { type: 'job', id: jobId },
    reason: `ticket ${number}`,
    outcome: 'done',
    message: null,
    before: { state: 'failed', attempt: 1 },
    after: { state: 'queued', attempt: 2 },
    requestId: `req_seededorder${number}`,
    finishedAtMs: atMs + 20,
  };
}

function delivery(number: number, jobId: string, createdAtMs: number): Delivery {
  return {
    id: `evt_seeded_${number}`,
    jobId,
    owner: `client-${number % 40}/user-${number % 2_000}`,
    url: `https://receiver.example/hook/${number % 40}`,
    type: 'video.completed',
    createdAtMs,
    state: 'delivered',
    tries: [{ atMs: createdAtMs, statusCode: 204, finding: null }],
    triesLeft: deliveryTriesMax - 1,
    nextTryAtMs: null,
    failingSinceMs: null,
  };
}

async function inTurns(count: number, write: (number: number) => Promise<unknown>): Promise<void> {
  for (let made = 0; made < count; made += atOnce) {
    await Promise.all(Array.from({ length: atOnce }, (_, index) => write(made + index)));
  }
}
