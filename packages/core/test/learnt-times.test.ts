import { generationKindOf, type LearntTimes, learntTimesOf, remainingMsOf, sampleMsOf } from '@video-proxy/core';
import { describe, expect, test } from 'vitest';
import { jobWith, lifecycles } from './jobs.ts';

const learnt: LearntTimes = { p10Ms: 80_000, p50Ms: 90_000, p90Ms: 100_000 };

describe('the times of a kind of generations', () => {
  test('are unknown below five samples', () => {
    expect(learntTimesOf([])).toBeNull();
    expect(learntTimesOf([1, 2, 3, 4])).toBeNull();
    expect(learntTimesOf([7, 7, 7, 7, 7])).toEqual({ p10Ms: 7, p50Ms: 7, p90Ms: 7 });
  });

  test('are quantiles of the samples, in whatever order these came', () => {
    const samples = [100, 0, 50, 10, 20, 30, 40, 60, 70, 80, 90];
    expect(learntTimesOf(samples)).toEqual({ p10Ms: 10, p50Ms: 50, p90Ms: 90 });
    expect(learntTimesOf([0, 10, 20, 30, 40])).toEqual({ p10Ms: 4, p50Ms: 20, p90Ms: 36 });
  });

  test.each([
    [8, 8],
    ['8', 8],
    [7.6, 8],
    [1e9, 600],
    ['auto', null],
    ['', null],
    [-1, null],
    [undefined, null],
  ])('belong to one model and one length: duration %j counts as %j seconds', (duration, lengthSeconds) => {
    const job = { ...jobWith(lifecycles.queued), parameters: duration === undefined ? {} : { duration } };
    expect(generationKindOf(job)).toEqual({ provider: 'aimlapi', model: 'google/veo-3.1-t2v', lengthSeconds });
  });
});

describe('a sample', () => {
  test('is the middle between the last poll that found it unfinished and the one that found it finished', () => {
    expect(sampleMsOf({ pendingAtMs: 86_000, finishedAtMs: 94_000 }, null)).toBe(90_000);
  });

  test('of a short generation counts from its submission', () => {
    expect(sampleMsOf({ pendingAtMs: null, finishedAtMs: 2_000 }, null)).toBe(1_000);
  });

  test('is not taken when it was discovered late, or nobody knows how late', () => {
    expect(sampleMsOf({ pendingAtMs: 80_000, finishedAtMs: 400_000 }, learnt)).toBeNull();
    expect(sampleMsOf({ pendingAtMs: null, finishedAtMs: 90_000 }, learnt)).toBeNull();
    expect(sampleMsOf({ pendingAtMs: null, finishedAtMs: 40_000 }, null)).toBeNull();
  });

  test('of a generation that was finished before nearly all others is taken as late as it was seen', () => {
    expect(sampleMsOf({ pendingAtMs: 30_000, finishedAtMs: 76_000 }, learnt)).toBe(76_000);
    expect(sampleMsOf({ pendingAtMs: 30_000, finishedAtMs: 82_000 }, learnt)).toBe(80_000);
    expect(sampleMsOf({ pendingAtMs: 30_000, finishedAtMs: 82_001 }, learnt)).toBeNull();
  });
});

describe('the time that is left', () => {
  const { generating } = lifecycles;
  const submittedAtMs = 'submittedAtMs' in generating ? (generating.submittedAtMs ?? 0) : 0;
  const leftAfter = (elapsedMs: number) => remainingMsOf(generating, learnt, submittedAtMs + elapsedMs);

  test('leads to when half of the others were finished, then to when nine in ten were, then is unknown', () => {
    expect(leftAfter(0)).toBe(90_000);
    expect(leftAfter(89_000)).toBe(1_000);
    expect(leftAfter(90_000)).toBe(10_000);
    expect(leftAfter(100_000)).toBeNull();
  });

  test('is unknown when nothing was learnt, and in every state but that of being made', () => {
    expect(remainingMsOf(generating, null, submittedAtMs)).toBeNull();
    const others = Object.values(lifecycles).filter(({ state }) => state !== 'generating');
    expect(others.map((lifecycle) => remainingMsOf(lifecycle, learnt, submittedAtMs))).toEqual(others.map(() => null));
  });
});
