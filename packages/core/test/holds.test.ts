import {
  afterBalance,
  afterDoubt,
  afterGoodAnswer,
  afterLostTrial,
  afterRefusal,
  type CredentialRecord,
  type CredentialState,
  credentialStates,
  holdCodeFor,
  holdOn,
  modelFinding,
  noHolds,
  type OpsHold,
  passageOf,
  providerPauseMs,
  type SharedHold,
  type StandingHolds,
  trialPauseMs,
} from '@video-proxy/core';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

const nowMs = 100_000;
const own = { fingerprint: 'key-1', state: 'ok' as CredentialState };

function hold(known: Partial<SharedHold> = {}): SharedHold {
  return {
    code: 'provider_auth_failed',
    message: 'rejected',
    sinceMs: 50_000,
    untilMs: nowMs + 30_000,
    evidence: null,
    tries: 1,
    refusedAtMs: 50_000,
    balanceUsd: null,
    doubted: false,
    ...known,
  };
}

function pause(untilMs: number | null): OpsHold {
  return { code: 'paused', message: 'maintenance', sinceMs: 50_000, untilMs, evidence: null, by: null };
}

const resting = hold();
const due = hold({ untilMs: nowMs });

function standing(known: Partial<StandingHolds>): StandingHolds {
  return { ...noHolds, ...known };
}

const lastAccepted = { fingerprint: 'key-1', atMs: nowMs };
const pass = (holds: Partial<StandingHolds>, key = own) => passageOf(key, standing({ lastAccepted, ...holds }), nowMs);

describe('a create request', () => {
  test('may be sent when the key is good and nothing is held', () => {
    expect(pass({})).toEqual({ kind: 'open', heldModels: [] });
  });

  test.each(credentialStates)('with a key that is %s', (state) => {
    const kind = holdCodeFor(state) !== null ? 'held' : state === 'unchecked' ? 'trial' : 'open';
    expect(pass({}, { ...own, state }).kind).toBe(kind);
  });

  test.each<[string, Partial<StandingHolds>, string]>([
    ['waits while operators hold everything', { ops: pause(null) }, 'held'],
    ['waits until a pause with an end is over', { ops: pause(nowMs + 1) }, 'held'],
    ['does not wait for a pause whose time is over', { ops: pause(nowMs) }, 'open'],
    ['waits for the end of the pause of the provider', { provider: resting }, 'held'],
    ['is a trial when the pause of the provider is over', { provider: due }, 'trial'],
    ['waits for the pause after a refusal of its key', { accounts: new Map([['key-1', resting]]) }, 'held'],
    ['is a trial when the pause after a refusal of its key is over', { accounts: new Map([['key-1', due]]) }, 'trial'],
    ['does not wait for a refusal of another key', { accounts: new Map([['key-2', resting]]) }, 'open'],
    ['waits for the longest of two pauses', { provider: due, accounts: new Map([['key-1', resting]]) }, 'held'],
    ['waits while another one is on trial', { provider: due, trial: { holder: 'a', untilMs: nowMs + 1 } }, 'held'],
    [
      'is the trial when that of a dead worker ran out',
      { provider: due, trial: { holder: 'a', untilMs: nowMs } },
      'trial',
    ],
  ])('%s', (_what, holds, kind) => {
    expect(pass(holds).kind).toBe(kind);
  });

  test.each<[string, Partial<StandingHolds>]>([
    ['nothing has been accepted yet', { lastAccepted: null }],
    ['the last one was accepted a while ago', { lastAccepted: { ...lastAccepted, atMs: nowMs - 2_000 } }],
    ['the clock of who was accepted is far ahead', { lastAccepted: { ...lastAccepted, atMs: nowMs + 30_000 } }],
    ['the last one was accepted with another key', { lastAccepted: { ...lastAccepted, fingerprint: 'key-2' } }],
  ])('goes first, and the others wait for its answer a little, when %s', (_when, holds) => {
    expect(pass(holds)).toEqual({ kind: 'trial', othersWaitMs: 5_000, heldModels: [] });
    expect(pass({ ...holds, trial: { holder: 'a', untilMs: nowMs + 1 } })).toEqual({ kind: 'held' });
    expect(pass({ ...holds, provider: due })).toMatchObject({ kind: 'trial', othersWaitMs: 150_000 });
  });

  test('may not be for a held model; when the pause of one is over, one request at a time tries it', () => {
    const models = new Map([
      ['resting', resting],
      ['due', due],
    ]);
    expect(pass({ models })).toMatchObject({ kind: 'trial', heldModels: ['resting'] });
    const trial = { holder: 'a', untilMs: nowMs + 1 };
    expect(pass({ models, trial })).toEqual({ kind: 'open', heldModels: ['resting', 'due'] });
  });

  test('may not be for a model that has never been cheaper than a held one', () => {
    const prices = new Map([
      ['held', { lowUsd: 0.5, highUsd: 1 }],
      ['dearer', { lowUsd: 1, highUsd: 3 }],
      ['sometimes cheaper', { lowUsd: 0.9, highUsd: 3 }],
    ]);
    const models = new Map([['held', resting]]);
    expect(pass({ models, prices })).toEqual({ kind: 'open', heldModels: ['held', 'dearer'] });
    expect(pass({ models: new Map([['no price', resting]]), prices })).toMatchObject({ heldModels: ['no price'] });
  });
});

describe('a refusal', () => {
  const refusal = (sentAtMs: number) => ({
    hold: { code: 'provider_auth_failed', message: 'again', evidence: null } as const,
    sentAtMs,
    pauseMs: (tries: number) => trialPauseMs(tries, 30_000),
  });

  test('in a row makes each pause twice as long, up to ten minutes', () => {
    let now = 0;
    let after: SharedHold | null = null;
    const pausesMs = Array.from({ length: 7 }, () => {
      after = afterRefusal(after, refusal(now), now);
      const pauseMs = after.untilMs - now;
      now = after.untilMs;
      return pauseMs;
    });
    expect(pausesMs).toEqual([30_000, 60_000, 120_000, 240_000, 480_000, 600_000, 600_000]);
    expect(after).toMatchObject({ sinceMs: 0, tries: 7 });
  });

  test('of a request that was on its way already is no further try, but its pause counts', () => {
    const first = afterRefusal(null, refusal(1_000), 2_000);
    const second = afterRefusal(first, refusal(1_500), 3_000);
    expect(second).toEqual({ ...first, untilMs: 33_000 });
  });

  test('of the provider is spaced as it asks, and never without a pause', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1_000 }), fc.option(fc.nat(10_000_000)), (tries, retryAfterMs) => {
        const pauseMs = providerPauseMs(retryAfterMs)(tries);
        expect(pauseMs).toBeGreaterThanOrEqual(Math.max(2_000, Math.min(retryAfterMs ?? 0, 600_000)));
        expect(pauseMs).toBeLessThanOrEqual(600_000);
      }),
    );
  });
});

describe('a trial', () => {
  test('whose answer was lost leaves the others waiting for another pause, and nothing where there was no hold', () => {
    expect(afterLostTrial(due, () => 5_000, nowMs)?.untilMs).toBe(nowMs + 5_000);
    expect(afterLostTrial(null, () => 5_000, nowMs)).toBeNull();
  });

  test('waits while the free question is refused too, and comes at once when it is answered well again', () => {
    const doubted = afterDoubt(hold({ untilMs: nowMs }), resting, nowMs);
    expect(doubted).toMatchObject({ tries: 1, untilMs: nowMs + 600_000 });
    expect(afterGoodAnswer(doubted, nowMs + 1)).toMatchObject({ tries: 1, untilMs: nowMs + 1 });
  });

  test('keeps its pause when the free question was answered well all the time', () => {
    expect(afterGoodAnswer(resting, nowMs)).toBe(resting);
  });

  test('comes at once when the balance has risen above the lowest that was seen, and not because it fell', () => {
    const told = afterBalance(hold({ tries: 5 }), 10, nowMs);
    const fallen = afterBalance(told, 4, nowMs);
    expect(fallen).toMatchObject({ balanceUsd: 4, untilMs: resting.untilMs, tries: 5 });
    expect(afterBalance(fallen, 6, nowMs)).toMatchObject({ balanceUsd: 6, untilMs: nowMs, tries: 0 });
    expect(afterBalance(fallen, null, nowMs)).toBe(fallen);
  });
});

describe('the hold of a waiting job', () => {
  const waiting = { model: 'a', queuedAtMs: 40_000 };
  const credential: CredentialRecord = {
    state: 'ok',
    fingerprint: 'key-1',
    sinceMs: 80_000,
    checkedAtMs: 80_000,
    finding: null,
    evidence: null,
  };

  test('is none when it only waits for its turn', () => {
    expect(holdOn(waiting, credential, noHolds)).toBeNull();
    expect(holdOn(waiting, null, noHolds)).toBeNull();
  });

  test('that keeps everybody waiting comes before that of its model', () => {
    const model = hold({ code: 'provider_out_of_credits' });
    const provider = hold({ code: 'provider_unavailable' });
    const holds = standing({ provider, models: new Map([['a', model]]) });
    expect(holdOn(waiting, credential, holds)).toBe(provider);
    expect(holdOn(waiting, { ...credential, state: 'rejected' }, holds)?.code).toBe('provider_auth_failed');
    expect(holdOn(waiting, credential, { ...holds, provider: null })).toBe(model);
    expect(holdOn({ ...waiting, model: 'b' }, credential, { ...holds, provider: null })).toBeNull();
  });

  test('began with the first refusal, whatever a probe said in between', () => {
    const holds = standing({ accounts: new Map([['key-1', resting]]) });
    expect(holdOn(waiting, { ...credential, state: 'rejected' }, holds)?.sinceMs).toBe(50_000);
  });

  test('is not that of a pause that was over when the job came', () => {
    const holds = standing({ provider: due });
    expect(holdOn(waiting, credential, holds)).toBe(due);
    expect(holdOn({ ...waiting, queuedAtMs: nowMs }, credential, holds)).toBeNull();
  });
});

test('what an operator is told about held models names them and the balance', () => {
  expect(modelFinding(noHolds)).toBeNull();
  const models = new Map([
    ['a', hold({ balanceUsd: 3.456 })],
    ['b', hold()],
  ]);
  expect(modelFinding(standing({ models }))).toBe(
    'the key is valid, the account has too few credits for a and b (balance 3.46 USD)',
  );
});
