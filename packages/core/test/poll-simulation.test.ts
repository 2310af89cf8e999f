import { nextPollDelayMs, sampleMsOf } from '@video-proxy/core';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { learntTimes } from './learnt.ts';
import { type PublishedTime, publishedTimes } from './published-times.ts';
import { type Following, followedEvery15Seconds, seededRandom, simulatedModel } from './simulated-model.ts';

const warmUp = 60;
const measured = 400;

interface Comparison extends PublishedTime {
  readonly learning: Following;
  readonly every15Seconds: Following;
}

const comparisons = publishedTimes.map(compare);

/** Follows generations of one family, drawn evenly from its published range: the hardest case, since no time is likelier. */
function compare(published: PublishedTime, index: number): Comparison {
  const random = seededRandom(index);
  const model = simulatedModel(random);
  const tookMs = () => 1_000 * (published.fromSeconds + (published.toSeconds - published.fromSeconds) * random());
  for (let count = 0; count < warmUp; count += 1) model.generate(tookMs());
  const timesMs = Array.from({ length: measured }, tookMs);
  return {
    ...published,
    learning: meanOf(timesMs.map((timeMs) => model.generate(timeMs))),
    every15Seconds: meanOf(timesMs.map(followedEvery15Seconds)),
  };
}

function meanOf(followings: readonly Following[]): Following {
  const sum = (of: (following: Following) => number) => followings.reduce((total, each) => total + of(each), 0);
  return {
    polls: sum(({ polls }) => polls) / followings.length,
    delayMs: sum(({ delayMs }) => delayMs) / followings.length,
  };
}

describe('on the published times, against a poll every 15 seconds', () => {
  const learning = meanOf(comparisons.map((comparison) => comparison.learning));
  const every15Seconds = meanOf(comparisons.map((comparison) => comparison.every15Seconds));

  test('learnt times need two thirds of the polls in total, and less than half of the delay', () => {
    expect(learning.polls).toBeLessThanOrEqual((every15Seconds.polls * 2) / 3);
    expect(learning.delayMs).toBeLessThanOrEqual(every15Seconds.delayMs / 2);
  });

  /**
   * A model that is done within two intervals is found by one or two polls in any case. One poll before the end and one after it
   * are the least from which its time can be learnt.
   */
  const isShort = ({ toSeconds }: PublishedTime) => toSeconds < 30;
  /**
   * These ranges are of several models at once, which are learnt apart. Where the longest time is three times the shortest, as
   * many polls as one every 15 s leave no room for half of its delay.
   */
  const isWide = ({ fromSeconds, toSeconds }: PublishedTime) => toSeconds > 2.5 * fromSeconds;
  const usual = comparisons.filter((comparison) => !isShort(comparison) && !isWide(comparison));

  test.each(usual)('$family needs no more polls and half of the delay', (comparison) => {
    expect(comparison.learning.polls).toBeLessThanOrEqual(comparison.every15Seconds.polls);
    expect(comparison.learning.delayMs).toBeLessThanOrEqual(comparison.every15Seconds.delayMs / 2);
  });

  test.each(comparisons.filter(isWide))('$family needs no more polls and two thirds of the delay', (comparison) => {
    expect(comparison.learning.polls).toBeLessThanOrEqual(comparison.every15Seconds.polls);
    expect(comparison.learning.delayMs).toBeLessThanOrEqual((comparison.every15Seconds.delayMs * 2) / 3);
  });

  test.each(comparisons.filter(isShort))(
    '$family needs one more poll at most and two thirds of the delay',
    (comparison) => {
      expect(comparison.learning.polls).toBeLessThanOrEqual(comparison.every15Seconds.polls + 1);
      expect(comparison.learning.delayMs).toBeLessThanOrEqual((comparison.every15Seconds.delayMs * 2) / 3);
    },
  );
});

describe('what is learnt', () => {
  function learning(seed: number) {
    const random = seededRandom(seed);
    const model = simulatedModel(random);
    const between = (fromMs: number, toMs: number) => fromMs + (toMs - fromMs) * random();
    const generate = (count: number, fromMs: number, toMs: number) => {
      for (let made = 0; made < count; made += 1) model.generate(between(fromMs, toMs));
    };
    return { model, generate };
  }

  test.each([
    [4_000, 7_000],
    [10_000, 30_000],
    [80_000, 100_000],
    [660_000, 840_000],
  ])('stays true for hundreds of generations of %i to %i ms', (fromMs, toMs) => {
    const { model, generate } = learning(1);
    generate(500, fromMs, toMs);
    const { p10Ms = 0, p50Ms = 0, p90Ms = 0 } = model.learnt() ?? {};
    const truth = [0.1, 0.5, 0.9].map((share) => fromMs + share * (toMs - fromMs));
    // Polls two seconds apart cannot tell better than by one.
    const errors = truth.map(
      (atMs, index) => Math.abs(atMs - ([p10Ms, p50Ms, p90Ms][index] ?? 0)) / Math.max(1_000, atMs * 0.15),
    );
    expect(Math.max(...errors)).toBeLessThanOrEqual(1);
  });

  test.each([
    ['half', 40_000, 50_000],
    ['a quarter', 20_000, 25_000],
    ['twice', 160_000, 200_000],
    ['four times', 320_000, 400_000],
  ])('follows a model that begins to take %s the time', (_, fromMs, toMs) => {
    const { model, generate } = learning(2);
    generate(50, 80_000, 100_000);
    generate(200, fromMs, toMs);
    expect(model.learnt()?.p50Ms).toBeGreaterThan(fromMs * 0.9);
    expect(model.learnt()?.p50Ms).toBeLessThan(toMs * 1.1);
  });

  test('comes from every generation that is followed on time', () => {
    const random = fc.double({ min: 0, max: 0.999, noNaN: true });
    fc.assert(
      fc.property(learntTimes, fc.integer({ min: 1, max: 1_800_000 }), random, (learnt, tookMs, r) => {
        const discovery = { pendingAtMs: 0, finishedAtMs: 0 };
        while (discovery.finishedAtMs < tookMs) {
          discovery.pendingAtMs = discovery.finishedAtMs;
          discovery.finishedAtMs += nextPollDelayMs(discovery.finishedAtMs, learnt, r);
        }
        expect(sampleMsOf(discovery, learnt)).not.toBeNull();
      }),
      { numRuns: 1_000 },
    );
  });

  test('is not touched by generations that were found long after their end', () => {
    const { model, generate } = learning(3);
    generate(50, 80_000, 100_000);
    const before = model.learnt();
    for (let late = 0; late < 50; late += 1) model.generate(90_000, 300_000 + late * 60_000);
    expect(model.learnt()).toEqual(before);
  });
});
