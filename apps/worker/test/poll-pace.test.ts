import { generationKindOf, type VideoJob } from '@video-proxy/core';
import { newVideoJobId, openLedger } from '@video-proxy/ledger';
import { closeRedis, connectRedis, untilReady } from '@video-proxy/redis';
import { testNamespace, testRedisUrl } from '@video-proxy/testkit';
import { describe, expect, onTestFinished, test } from 'vitest';
import { openPollPace } from '../src/poll-pace.ts';

const generationTimeoutMs = 1_800_000;

/** The pace of one worker with a clock of its own. Several share what they learn when they are given one namespace. */
async function openPace(namespace = testNamespace()) {
  const connect = () => connectRedis(testRedisUrl(), { role: 'request', onError: () => undefined });
  const redis = connect();
  const ledger = openLedger({ redis, subscriber: connect, namespace });
  onTestFinished(async () => {
    await ledger.close();
    await closeRedis(redis);
  });
  await untilReady(redis, 5_000);
  const clock = { nowMs: 1_000_000_000 };
  const pace = openPollPace({ times: ledger.times, generationTimeoutMs, now: () => clock.nowMs, random: () => 0 });

  /** A generation that is polled at these times after its submission, and found finished by the last one. */
  async function follow(...pollsAtMs: readonly number[]): Promise<void> {
    const job = generating(clock.nowMs);
    const submittedAtMs = clock.nowMs;
    for (const atMs of pollsAtMs.slice(0, -1)) {
      clock.nowMs = submittedAtMs + atMs;
      await pace.pending(job, clock.nowMs);
    }
    clock.nowMs = submittedAtMs + (pollsAtMs.at(-1) ?? 0);
    await pace.finished(job, clock.nowMs);
  }

  const learnt = () => {
    // Later than anything that is remembered.
    clock.nowMs += 60_000;
    return ledger.times.learnt(generationKindOf(generating(0)), clock.nowMs);
  };
  const keys = () => redis.keys(`{${namespace}}:*`);
  return { clock, pace, follow, learnt, keys, namespace };
}

function generating(submittedAtMs: number): VideoJob {
  return {
    id: newVideoJobId(submittedAtMs),
    owner: 'client',
    provider: 'aimlapi',
    model: 'google/veo-3.1-t2v',
    prompt: 'a kite',
    parameters: { duration: 8 },
    metadata: {},
    watchSecret: 'secret',
    requestId: 'req_test',
    createdAtMs: submittedAtMs,
    attempt: 1,
    lifecycle: { state: 'generating', submittedAtMs, generationId: 'gen-1', usage: null },
  };
}

describe('the pace of polls', () => {
  test('is quick for a kind that nobody knows, and waits for the end of one that is known', async () => {
    const { clock, pace, follow, learnt } = await openPace();
    expect(await pace.pauseMs(generating(clock.nowMs))).toBe(2_000);
    for (let count = 0; count < 5; count += 1) await follow(60_000, 88_000, 92_000);
    expect(await learnt()).toEqual({ p10Ms: 90_000, p50Ms: 90_000, p90Ms: 90_000 });
    expect(await pace.pauseMs(generating(clock.nowMs))).toBe(85_500);
    expect(await pace.pending(generating(clock.nowMs - 80_000), clock.nowMs)).toBe(5_500);
  });

  test('is shared: what one worker learnt, another one follows', async () => {
    const { follow, namespace } = await openPace();
    for (let count = 0; count < 5; count += 1) await follow(88_000, 92_000);
    const other = await openPace(namespace);
    expect(await other.pace.pauseMs(generating(other.clock.nowMs))).toBe(85_500);
  });

  test('does not change for generations that were discovered late', async () => {
    const { follow, learnt } = await openPace();
    for (let count = 0; count < 10; count += 1) await follow(60_000, 900_000);
    expect(await learnt()).toBeNull();
  });

  test('has a poll when the time to wait for a generation is over', async () => {
    const { clock, pace } = await openPace();
    expect(await pace.pending(generating(clock.nowMs - generationTimeoutMs + 5_000), clock.nowMs)).toBe(5_000);
    expect(await pace.pending(generating(clock.nowMs - generationTimeoutMs + 1_000), clock.nowMs)).toBe(2_000);
  });

  test('costs no write while nothing is finished', async () => {
    const { clock, pace, keys, follow } = await openPace();
    for (let count = 0; count < 100; count += 1) await pace.pending(generating(clock.nowMs - 30_000), clock.nowMs);
    expect(await keys()).toEqual([]);
    await follow(88_000, 92_000);
    expect(await keys()).toHaveLength(1);
  });

  test('remembers twenty thousand generations, and forgets the one polled longest ago', async () => {
    const { clock, pace, keys } = await openPace();
    const first = generating(clock.nowMs - 88_000);
    const second = generating(clock.nowMs - 88_000);
    for (const job of [first, second]) await pace.pending(job, clock.nowMs);
    for (let others = 0; others < 19_999; others += 1) void pace.pending(generating(clock.nowMs), clock.nowMs);
    clock.nowMs += 4_000;
    await pace.finished(first, clock.nowMs);
    expect(await keys()).toEqual([]);
    await pace.finished(second, clock.nowMs);
    expect(await keys()).toHaveLength(1);
  });
});
