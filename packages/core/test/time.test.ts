import { backoffDelayMs, nextPollDelayMs, progressOf } from '@video-proxy/core';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { lifecycles } from './jobs.ts';

const elapsed = fc.nat(3_600_000);
const random = fc.double({ min: 0, max: 0.999, noNaN: true });

describe('the next poll', () => {
  test('never comes before 2 s nor later than 15 s and jitter', () => {
    fc.assert(
      fc.property(elapsed, random, (elapsedMs, r) => {
        const delayMs = nextPollDelayMs(elapsedMs, r);
        expect(delayMs).toBeGreaterThanOrEqual(2_000);
        expect(delayMs).toBeLessThanOrEqual(16_500);
      }),
    );
  });

  test('comes later the longer a generation runs', () => {
    expect(nextPollDelayMs(1_000, 0)).toBe(2_000);
    expect(nextPollDelayMs(60_000, 0)).toBe(9_000);
    expect(nextPollDelayMs(600_000, 0)).toBe(15_000);
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

  test('is 100 only when the file is ours', () => {
    const full = Object.values(lifecycles).filter((lifecycle) => progressOf(lifecycle, 1, 1e12) === 100);
    expect(full.map(({ state }) => state)).toEqual(['completed']);
  });
});
