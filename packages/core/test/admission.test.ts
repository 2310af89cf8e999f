import { admissionRefusal, flawsOf, type StoreLoad } from '@video-proxy/core';
import { describe, expect, test } from 'vitest';

const light: StoreLoad = { writesRefused: null, usedMemoryBytes: 849, memoryMaxBytes: 1_000, waitingJobs: 9 };
const judged = (load: Partial<StoreLoad>, evictsNow = false) =>
  admissionRefusal({ ...light, ...load }, { waitingJobsMax: 10, evictsNow });

describe('a new job is taken in', () => {
  test.each<[string, Partial<StoreLoad>]>([
    ['while less than 85 % of the memory is used and there is room in the queue', {}],
    ['however much memory is used when there is no limit', { usedMemoryBytes: 1e12, memoryMaxBytes: null }],
    ['when the server does not tell its memory', { usedMemoryBytes: null }],
  ])('%s', (_when, load) => {
    expect(judged(load)).toBeNull();
  });
});

describe('a new job is refused', () => {
  test.each<[string, Partial<StoreLoad>, boolean, string]>([
    ['from 85 % of the memory limit on', { usedMemoryBytes: 850 }, false, 'memory'],
    ['when as many jobs wait as may wait', { waitingJobs: 10 }, false, 'queue_full'],
    ['while the server drops keys', {}, true, 'evicting'],
    ['while the server takes no writes', { writesRefused: 'READONLY' }, false, 'not_writable'],
    ['for the worst reason first', { writesRefused: 'OOM', waitingJobs: 10 }, true, 'not_writable'],
  ])('%s', (_when, load, evicts, reason) => {
    expect(judged(load, evicts)).toMatchObject({ reason });
  });

  test('with words for the caller that tell what happened, what it cost and when to come again, and nothing of the store', () => {
    const refusals = [judged({ usedMemoryBytes: 900 }), judged({ waitingJobs: 10 }), judged({ writesRefused: 'OOM' })];
    for (const refusal of refusals) {
      expect(refusal?.message).toMatch(/nothing was stored and nothing was billed\. Try again in/);
      expect(refusal?.message).not.toMatch(/redis|maxmemory|OOM|\d/i);
      expect(refusal?.retryAfterSeconds).toBeGreaterThan(0);
    }
  });

  test('with a finding for the operator that names the limit', () => {
    expect(judged({ usedMemoryBytes: 912 })?.finding).toContain('91 % of its maxmemory');
    expect(judged({ waitingJobs: 12 })?.finding).toContain('12 jobs wait to be submitted (QUEUE_DEPTH_MAX is 10)');
    expect(judged({ writesRefused: 'MISCONF' })?.finding).toContain('MISCONF');
  });
});

describe('a job store', () => {
  test.each([
    ['is sound when it is append-only and never evicts', true, 'noeviction', []],
    ['forgets in a crash without the append-only file', false, 'noeviction', ['not_persistent']],
    ['drops jobs with an eviction policy', true, 'volatile-ttl', ['evicting']],
    ['may have both flaws', false, 'allkeys-lru', ['not_persistent', 'evicting']],
    ['that hides its settings is not known to be sound', null, null, ['unknown']],
    ['that hides one of them is still judged by the other', null, 'allkeys-lru', ['evicting', 'unknown']],
  ])('%s', (_what, appendOnly, maxmemoryPolicy, codes) => {
    expect(flawsOf({ appendOnly, maxmemoryPolicy }).map(({ code }) => code)).toEqual(codes);
  });
});
