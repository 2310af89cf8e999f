import { expect, test } from 'vitest';
import { openTestLedger } from './open-ledger.ts';

test('a lease has one holder, who can renew it', async () => {
  const { ledger } = await openTestLedger();
  const taken = await Promise.all(['a', 'b', 'c'].map((holder) => ledger.leases.acquire('upkeep', holder, 60_000)));
  expect(taken.filter(Boolean)).toHaveLength(1);
  const holder = ['a', 'b', 'c'][taken.indexOf(true)] ?? '';
  expect(await ledger.leases.acquire('upkeep', holder, 60_000)).toBe(true);
  expect(await ledger.leases.acquire('upkeep', 'd', 60_000)).toBe(false);
});

test('a lease that is not renewed runs out', async () => {
  const { ledger } = await openTestLedger();
  await ledger.leases.acquire('upkeep', 'a', 50);
  await expect.poll(() => ledger.leases.acquire('upkeep', 'b', 60_000)).toBe(true);
});

test('a lease is given back by its holder only', async () => {
  const { ledger } = await openTestLedger();
  await ledger.leases.acquire('upkeep', 'a', 60_000);
  await ledger.leases.release('upkeep', 'b');
  expect(await ledger.leases.acquire('upkeep', 'b', 60_000)).toBe(false);
  await ledger.leases.release('upkeep', 'a');
  expect(await ledger.leases.acquire('upkeep', 'b', 60_000)).toBe(true);
});
