import { expect, test } from 'vitest';
import { recent } from '../src/recent.ts';

/** Reads whose ends the test decides, at a time that the test sets. */
function startReads(freshness: { maxAgeMs: number; staleMaxMs?: number }) {
  const clock = { nowMs: 0 };
  const reads: PromiseWithResolvers<string>[] = [];
  const read = () => {
    const begun = Promise.withResolvers<string>();
    reads.push(begun);
    return begun.promise;
  };
  return { clock, reads, value: recent(read, freshness, () => clock.nowMs) };
}

test('readers of the same moment share one read, until it is too old', async () => {
  const { clock, reads, value } = startReads({ maxAgeMs: 10 });
  const both = [value(), value()];
  reads[0]?.resolve('first');
  expect(await Promise.all(both)).toEqual(['first', 'first']);
  clock.nowMs = 9;
  expect(await value()).toBe('first');
  clock.nowMs = 10;
  const anew = value();
  reads[1]?.resolve('second');
  expect(await anew).toBe('second');
  expect(reads.length).toBe(2);
});

test('a failed read is told to who waited for it, and not kept', async () => {
  const { reads, value } = startReads({ maxAgeMs: 10 });
  const failing = value();
  reads[0]?.reject(new Error('away'));
  await expect(failing).rejects.toThrow('away');
  const anew = value();
  reads[1]?.resolve('back');
  expect(await anew).toBe('back');
});

test('nobody waits for a value to be read anew, unless the last one is much too old', async () => {
  const { clock, reads, value } = startReads({ maxAgeMs: 10, staleMaxMs: 50 });
  const first = value();
  reads[0]?.resolve('first');
  await first;
  clock.nowMs = 20;
  expect([await value(), await value()]).toEqual(['first', 'first']);
  expect(reads.length).toBe(2);
  reads[1]?.resolve('second');
  await reads[1]?.promise;
  expect(await value()).toBe('second');
  clock.nowMs = 100;
  const anew = value();
  reads[2]?.resolve('third');
  expect(await anew).toBe('third');
});
