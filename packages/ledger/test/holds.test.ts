import { noHolds, type SharedHold } from '@video-proxy/core';
import type { Change } from '@video-proxy/ledger';
import { hasRedisServerProgram } from '@video-proxy/testkit';
import { describe, expect, test } from 'vitest';
import { evidence } from './jobs.ts';
import { openTestLedger } from './open-ledger.ts';
import { privateRedis } from './private-redis.ts';

const hold: SharedHold = {
  code: 'provider_rate_limited',
  message: 'Too many requests.',
  sinceMs: 1_000,
  untilMs: 5_000,
  evidence: evidence(),
  tries: 1,
  refusedAtMs: 1_000,
  balanceUsd: null,
  doubted: false,
};

test('nothing is held at first', async () => {
  const { ledger } = await openTestLedger();
  expect(await ledger.holds.read()).toEqual(noHolds);
});

test('holds of every scope stand side by side, for all processes, and end one by one', async () => {
  const { ledger, namespace } = await openTestLedger();
  const { ledger: other } = await openTestLedger({ namespace });
  for (const scope of ['provider', 'account:1f3a9c2e', 'model:google/veo-3.1-t2v'] as const) {
    await ledger.holds.change(scope, () => hold);
  }
  expect(await other.holds.read()).toMatchObject({
    provider: hold,
    accounts: new Map([['1f3a9c2e', hold]]),
    models: new Map([['google/veo-3.1-t2v', hold]]),
  });
  await other.holds.change('provider', () => null);
  expect((await ledger.holds.read()).provider).toBeNull();
});

test('of many refusals at the same time none is lost', async () => {
  const { ledger } = await openTestLedger();
  const once = (before: SharedHold | null) => ({ ...hold, tries: (before?.tries ?? 0) + 1 });
  await Promise.all(Array.from({ length: 10 }, () => ledger.holds.change('provider', once)));
  expect((await ledger.holds.read()).provider?.tries).toBe(10);
});

test('a change is announced, and one that changes nothing is not', async () => {
  const { ledger } = await openTestLedger();
  const heard: Change[] = [];
  ledger.changes.onAny((change) => heard.push(change));
  await expect.poll(() => heard).toEqual([{ kind: 'look_again' }]);
  await ledger.holds.change('provider', (before) => before);
  await ledger.holds.change('provider', () => hold);
  await ledger.holds.change('provider', () => null);
  await expect.poll(() => heard.slice(1)).toEqual([{ kind: 'holds' }, { kind: 'holds' }]);
});

test('a pause of the operators is announced, stands beside the other holds, and ends', async () => {
  const { ledger } = await openTestLedger();
  const heard: Change[] = [];
  ledger.changes.onAny((change) => heard.push(change));
  await expect.poll(() => heard).toHaveLength(1);
  const pause = {
    code: 'paused',
    message: 'new disks',
    sinceMs: 1_000,
    untilMs: null,
    evidence: null,
    by: 'ann',
  } as const;
  await ledger.holds.change('provider', () => hold);
  expect(await ledger.holds.changePause(() => pause)).toEqual({ before: null, after: pause });
  expect(await ledger.holds.read()).toMatchObject({ ops: pause, provider: hold });
  expect(await ledger.holds.changePause(() => null)).toEqual({ before: pause, after: null });
  expect(await ledger.holds.read()).toMatchObject({ ops: null, provider: hold });
  await expect.poll(() => heard.slice(1)).toEqual([{ kind: 'holds' }, { kind: 'holds' }, { kind: 'holds' }]);
});

describe('the trial', () => {
  test('is given to one of many', async () => {
    const { ledger } = await openTestLedger();
    const taken = await Promise.all(
      ['a', 'b', 'c', 'd'].map((holder) => ledger.holds.takeTrial({ holder, untilMs: 2_000 }, 1_000)),
    );
    expect(taken.filter(Boolean)).toHaveLength(1);
  });

  test('is ended by its holder only, and then free', async () => {
    const { ledger } = await openTestLedger();
    await ledger.holds.takeTrial({ holder: 'a', untilMs: 2_000 }, 1_000);
    await ledger.holds.endTrial('b');
    expect(await ledger.holds.takeTrial({ holder: 'b', untilMs: 2_000 }, 1_999)).toBe(false);
    await ledger.holds.endTrial('a');
    expect(await ledger.holds.takeTrial({ holder: 'b', untilMs: 2_000 }, 1_999)).toBe(true);
  });

  test('of a holder that died is free when its time is up', async () => {
    const { ledger } = await openTestLedger();
    await ledger.holds.takeTrial({ holder: 'a', untilMs: 2_000 }, 1_000);
    expect(await ledger.holds.takeTrial({ holder: 'b', untilMs: 3_000 }, 2_000)).toBe(true);
    expect((await ledger.holds.read()).trial).toEqual({ holder: 'b', untilMs: 3_000 });
  });
});

test('the range of prices grows with what is told, and is shown while a model is held', async () => {
  const { ledger } = await openTestLedger();
  for (const usd of [0.5, 1.95, 0.4, 1]) await ledger.holds.notePrice('a/model', usd);
  expect((await ledger.holds.read()).prices.size).toBe(0);
  await ledger.holds.change('model:another/model', () => hold);
  expect([...(await ledger.holds.read()).prices]).toEqual([['a/model', { lowUsd: 0.4, highUsd: 1.95 }]]);
});

test.runIf(await hasRedisServerProgram())('a hold and its trial survive a restart of Redis', async () => {
  const start = await privateRedis('append-only');
  const before = await start();
  const namespace = 'test';
  const { ledger } = await openTestLedger({ url: before.url, namespace });
  await ledger.holds.change('account:1f3a9c2e', () => hold);
  await ledger.holds.takeTrial({ holder: 'a', untilMs: 2_000 }, 1_000);
  const known = await ledger.holds.read();
  await before.close();

  const { ledger: again } = await openTestLedger({ url: (await start()).url, namespace });
  expect(await again.holds.read()).toEqual(known);
  expect(known.accounts.size).toBe(1);
});
