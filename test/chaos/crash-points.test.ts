import type { VideoJobWire } from '@video-proxy/contracts';
import { spawnProcess } from '@video-proxy/testkit';
import { describe, expect, test } from 'vitest';
import { brokenByCrashes, type CrashOutcome } from '../../chaos/crash-points/crash-rules.ts';
import { frameReader, isPush, wordsOf } from '../../chaos/crash-points/resp.ts';

const boundMs = 300_000;

test(
  'worker and API die around every write and request of a video: one create for each attempt, and the right end',
  async () => {
    await using run = await spawnProcess({ args: ['chaos/main.ts', '--crash-points'] });
    const { code } = await run.exited;
    expect(code, [...run.stdout, ...run.stderr].join('\n')).toBe(0);
    expect(run.stdout.filter((line) => line.includes('completed')).length).toBeGreaterThan(20);
  },
  boundMs,
);

describe('of a crash, the harness calls broken', () => {
  const outcome = (changes: Partial<CrashOutcome> & { end?: Record<string, unknown> } = {}): CrashOutcome => {
    const { end = { status: 'completed', error: null }, ...rest } = changes;
    return {
      process: 'worker',
      point: { name: 'a write', turn: 1, moment: 'before' },
      met: true,
      canBeUnsent: false,
      job: { id: 'video_1', attempt: 1, ...end } as unknown as VideoJobWire,
      creates: { received: 1, accepted: 1 },
      ...rest,
    };
  };
  const unknown = { status: 'failed', error: { code: 'submission_unknown', billed: 'unknown' } };
  const unsent = { creates: { received: 0, accepted: 0 }, end: unknown };

  test('nothing, when the video came or the request could not be known to be unsent', () => {
    expect(brokenByCrashes([outcome(), outcome({ ...unsent, canBeUnsent: true })])).toEqual([]);
  });

  test.each<[string, CrashOutcome, RegExp]>([
    ['a lost job', outcome({ job: null }), /lost/],
    ['a second create', outcome({ creates: { received: 2, accepted: 2 } }), /sent 2 times and accepted 2 times/],
    ['a paid generation without a video', outcome({ end: unknown }), /paid for, but no video.*video_1/],
    ['a request that was plainly never sent', outcome(unsent), /never sent.*video_1/],
    ['a point that nothing comes to', outcome({ met: false }), /only 0 of 1/],
  ])('%s', (_what, broken, words) => {
    expect(brokenByCrashes([broken])).toEqual([expect.stringMatching(words)]);
  });
});

describe('the wire between a process and Redis', () => {
  const bytes = Buffer.from('*2\r\n$4\r\nECHO\r\n$3\r\na\r\n\r\n>2\r\n+message\r\n%1\r\n+key\r\n:1\r\n$-1\r\n_\r\n');

  test.each([1, 2, 3, 7, 100])('cuts a stream into whole commands and answers, %i bytes at a time', (size) => {
    const read = frameReader();
    const frames = Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) =>
      read(bytes.subarray(index * size, (index + 1) * size)),
    ).flat();
    expect(frames.map((frame) => frame[0]).map((first) => String.fromCharCode(first ?? 0))).toEqual([
      '*',
      '>',
      '$',
      '_',
    ]);
    expect(Buffer.concat(frames)).toEqual(bytes);
    expect(wordsOf(frames[0] ?? Buffer.alloc(0)).map(String)).toEqual(['ECHO', 'a\r\n']);
    expect(frames.map(isPush)).toEqual([false, true, false, false]);
  });
});
