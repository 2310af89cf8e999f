import { backoffDelayMs, nextPollDelayMs, progressOf, transition } from '@video-proxy/core';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { events, jobWith, lifecycles } from './jobs.ts';
import { learntTimes } from './learnt.ts';

const elapsed = fc.nat(3_600_000);
const random = fc.double({ min: 0, max: 0.999, noNaN: true });

describe('the next poll', () => {
  test('of a kind nobody knows yet never comes before 2 s nor later than 15 s and jitter', () => {
    fc.assert(
      fc.property(elapsed, random, (elapsedMs, r) => {
        const delayMs = nextPollDelayMs(elapsedMs, null, r);
        expect(delayMs).toBeGreaterThanOrEqual(2_000);
        expect(delayMs).toBeLessThanOrEqual(16_500);
      }),
    );
  });

  test('of such a kind comes later the longer a generation runs', () => {
    expect(nextPollDelayMs(1_000, null, 0)).toBe(2_000);
    expect(nextPollDelayMs(60_000, null, 0)).toBe(9_000);
    expect(nextPollDelayMs(600_000, null, 0)).toBe(15_000);
  });

  test('of a known kind never comes before 2 s nor later than 15 s until the expected end, 60 s after it, and jitter', () => {
    fc.assert(
      fc.property(elapsed, learntTimes, random, (elapsedMs, learnt, r) => {
        fc.pre(elapsedMs >= learnt.p10Ms);
        const delayMs = nextPollDelayMs(elapsedMs, learnt, r);
        expect(delayMs).toBeGreaterThanOrEqual(2_000);
        expect(delayMs).toBeLessThanOrEqual(elapsedMs < learnt.p90Ms ? 16_500 : 66_000);
      }),
    );
  });

  test('is due shortly before one in ten of its kind is finished', () => {
    fc.assert(
      fc.property(learntTimes, random, (learnt, r) => {
        fc.pre(learnt.p10Ms >= 5_000);
        let pollAtMs = 0;
        while (pollAtMs < learnt.p10Ms * 0.75) pollAtMs += nextPollDelayMs(pollAtMs, learnt, r);
        expect(pollAtMs).toBeLessThanOrEqual(learnt.p10Ms);
      }),
    );
  });

  test('looks early at one that will take long, because one that fails does so early, and then keeps quiet', () => {
    const tenMinutes = { p10Ms: 600_000, p50Ms: 660_000, p90Ms: 720_000 };
    expect(nextPollDelayMs(0, tenMinutes, 0)).toBe(30_000);
    expect(nextPollDelayMs(30_000, tenMinutes, 0)).toBe(60_000);
    expect(nextPollDelayMs(90_000, tenMinutes, 0)).toBe(480_000);
    const oneMinute = { p10Ms: 60_000, p50Ms: 66_000, p90Ms: 72_000 };
    expect(nextPollDelayMs(0, oneMinute, 0)).toBe(57_000);
  });

  test('comes slower and slower when a generation is overdue', () => {
    const learnt = { p10Ms: 60_000, p50Ms: 66_000, p90Ms: 72_000 };
    const delays = [72_000, 100_000, 200_000, 400_000, 1_200_000].map((at) => nextPollDelayMs(at, learnt, 0));
    expect(delays).toEqual(delays.toSorted((a, b) => a - b));
    expect(delays[0]).toBeLessThan(4_000);
    expect(delays.at(-1)).toBe(60_000);
  });
});

describe('a pause after trouble', () => {
  test('doubles up to a minute', () => {
    expect([0, 1, 2, 10, 99].map((tries) => backoffDelayMs(tries, null))).toEqual([
      2_000, 4_000, 8_000, 60_000, 60_000,
    ]);
  });

  test('honours a longer Retry-After, up to ten minutes', () => {
    expect(backoffDelayMs(0, 30_000)).toBe(30_000);
    expect(backoffDelayMs(3, 1_000)).toBe(16_000);
    expect(backoffDelayMs(0, 120_000)).toBe(120_000);
    expect(backoffDelayMs(0, 3_600_000)).toBe(600_000);
  });
});

describe('progress', () => {
  test('only grows while generating, and never claims to be done', () => {
    fc.assert(
      fc.property(elapsed, fc.nat(60_000), (elapsedMs, moreMs) => {
        const before = progressOf(lifecycles.generating, 90_000, 2_000 + elapsedMs);
        const after = progressOf(lifecycles.generating, 90_000, 2_000 + elapsedMs + moreMs);
        expect(after).toBeGreaterThanOrEqual(before);
        expect(after).toBeLessThan(97);
      }),
    );
  });

  test('falls with nothing but a retry: a job that ends without a video stays where it was', () => {
    const { generating, storing, cancelling } = lifecycles;
    const atMs = 60_000;
    for (const lifecycle of [generating, storing, cancelling, { ...cancelling, following: storing }]) {
      const before = progressOf(lifecycle, 90_000, atMs);
      expect(before).toBeGreaterThan(0);
      for (const event of events.filter(({ type }) => type !== 'retry_requested')) {
        const after = transition(jobWith(lifecycle), event, atMs).lifecycle;
        expect(progressOf(after, 90_000, atMs + 1), `${lifecycle.state}, ${event.type}`).toBeGreaterThanOrEqual(before);
      }
    }
  });

  test('is 100 only when the file is ours', () => {
    const full = Object.values(lifecycles).filter((lifecycle) => progressOf(lifecycle, 1, 1e12) === 100);
    expect(full.map(({ state }) => state)).toEqual(['completed']);
  });
});
