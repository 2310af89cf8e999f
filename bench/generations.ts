import type { VideoJob } from '@video-proxy/core';
import { newVideoJobId, openLedger } from '@video-proxy/ledger';
import { openSteps } from '@video-proxy/queue';
import { closeRedis, connectRedis } from '@video-proxy/redis';
import { Queue } from 'bullmq';
import type { Redis } from 'ioredis';
import { newJobBody } from './service-client.ts';

const atOnce = 500;
/** BullMQ keeps the time of a delayed step in the upper bits of its score. */
const scoresPerMs = 0x1000;
/** A generation that has run for so long is polled every 15 to 16.5 s. */
const elapsedMs = 110_000;
const delayMs = 60_000;

/** Jobs that are being generated, each with its poll step, written as the service writes them. */
export async function seedGenerations(redisUrl: string, count: number): Promise<void> {
  const connect = () => connectRedis(redisUrl, { role: 'blocking', onError: console.error });
  await using opened = new AsyncDisposableStack();
  const connection = opened.adopt(connect(), (redis) => closeRedis(redis));
  const ledger = opened.use(openLedger({ redis: connection, subscriber: connect, namespace: 'vp' }));
  const steps = opened.use(openSteps({ connection, namespace: 'vp', onError: console.error }));
  await inBatches(count, async () => {
    const job = newGeneration();
    await ledger.jobs.create(job, null);
    await steps.add('poll', { jobId: job.id, attempt: 1 }, { delayMs });
  });
}

/** As many delayed steps with the same payload on the queue of the baseline. */
export async function seedBareSteps(redis: Redis, count: number): Promise<void> {
  const queue = new Queue('poll', { connection: redis, prefix: '{bare}' });
  await inBatches(count, async () => {
    const jobId = newVideoJobId(Date.now());
    await queue.add('poll', { jobId, attempt: 1 }, { jobId: jobId.slice('video_'.length), delay: delayMs });
  });
  await queue.close();
}

/** Spreads the times of all delayed steps of a queue evenly over a span; a negative one lies in the past. */
export async function spreadSteps(redis: Redis, prefix: string, spanMs: number): Promise<void> {
  const key = `{${prefix}}:poll:delayed`;
  const ids = await redis.zrange(key, '0', '-1');
  const nowMs = Date.now();
  const due = ids.map((id, index): [number, string] => [
    Math.floor(nowMs + (spanMs * index) / ids.length) * scoresPerMs,
    id,
  ]);
  await redis.zadd(key, 'XX', ...due.flat());
}

/** The steps that become due in a span of time, with their times. */
export async function dueSteps(redis: Redis, prefix: string, fromMs: number, toMs: number) {
  const key = `{${prefix}}:poll:delayed`;
  const bounds = [fromMs * scoresPerMs, `(${toMs * scoresPerMs}`] as const;
  const found = await redis.zrangebyscore(key, ...bounds, 'WITHSCORES');
  const due: { id: string; atMs: number }[] = [];
  for (let index = 0; index < found.length; index += 2) {
    due.push({ id: found[index] ?? '', atMs: Math.floor(Number(found[index + 1]) / scoresPerMs) });
  }
  return due;
}

function newGeneration(): VideoJob {
  const { model, prompt, parameters } = JSON.parse(newJobBody()) as Pick<VideoJob, 'model' | 'prompt' | 'parameters'>;
  const createdAtMs = Date.now() - elapsedMs;
  const id = newVideoJobId(createdAtMs);
  return {
    id,
    owner: 'bench',
    provider: 'sandbox',
    model,
    prompt,
    parameters,
    metadata: {},
    watchSecret: '0INMDQkWMbFXvtmLh0SS9w',
    requestId: 'req_bench',
    createdAtMs,
    attempt: 1,
    lifecycle: {
      state: 'generating',
      submittedAtMs: createdAtMs,
      generationId: id.slice('video_'.length),
      usage: null,
    },
  };
}

async function inBatches(count: number, task: () => Promise<void>): Promise<void> {
  for (let left = count; left > 0; left -= atOnce) {
    await Promise.all(Array.from({ length: Math.min(left, atOnce) }, task));
  }
}
