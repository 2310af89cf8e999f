import type { CredentialRecord } from '@video-proxy/core';
import { pino } from 'pino';
import { expect, test } from 'vitest';
import { openInstallationView } from '../src/operators/installation.ts';
import { watchIncidents } from '../src/operators/watch-incidents.ts';
import { rejection } from './events.ts';
import { type RunningApi, startApi } from './running-api.ts';

const refusal = { ...rejection, message: `${rejection.message} <!channel>` };

const account = (state: CredentialRecord['state'], checkedAtMs: number): CredentialRecord => ({
  state,
  fingerprint: '1f3a9c2e',
  sinceMs: checkedAtMs,
  checkedAtMs,
  finding: null,
  evidence: refusal,
});

const beat = (api: RunningApi, nowMs: number) =>
  api.ledger.workers.beat(
    { id: 'host.a', version: '1', role: 'worker', provider: 'aimlapi', keyFingerprint: '1f3a9c2e', startedAtMs: 1 },
    nowMs,
  );

interface Watched {
  readonly messages: string[];
  readonly clock: { nowMs: number };
  /** What the receiver says to each message. */
  readonly answers: (string | null)[];
  readonly looks: { count: number };
}

const fresh = (): Watched => ({ messages: [], clock: { nowMs: Date.now() }, answers: [], looks: { count: 0 } });

/** One more API process that watches, with a clock that the test moves on. */
function watch(api: RunningApi, { messages, clock, answers, looks }: Watched): AsyncDisposable {
  const now = () => clock.nowMs;
  const { ledger, steps } = api;
  const look = openInstallationView({
    ledger,
    steps,
    storageState: async () => ({ state: 'ok', finding: null, said: null }),
    admission: { refusal: () => null },
    ownCredential: account('unchecked', 1),
    now,
  });
  return watchIncidents({
    ledger,
    look: () => {
      looks.count += 1;
      return look();
    },
    tell: async (text) => {
      messages.push(text);
      return answers.shift() ?? null;
    },
    publicBaseUrl: 'https://videos.example.org',
    isUnavailable: () => false,
    log: pino({ level: 'silent' }),
    now,
    intervalMs: 10,
  });
}

async function someLooks({ looks }: Watched): Promise<void> {
  const before = looks.count;
  await expect.poll(() => looks.count).toBeGreaterThan(before + 3);
}

test('a refused account is told once over several processes and restarts, and so is the recovery', async () => {
  await using api = await startApi();
  const watched = fresh();
  await beat(api, watched.clock.nowMs + 60_000);
  await api.create();
  await api.ledger.credential.write(account('rejected', watched.clock.nowMs));
  {
    await using _first = watch(api, watched);
    await using _second = watch(api, watched);
    await expect.poll(() => watched.messages).toHaveLength(1);
    await someLooks(watched);
  }
  await using _restarted = watch(api, watched);
  await someLooks(watched);
  expect(watched.messages).toHaveLength(1);
  const [text = ''] = watched.messages;
  expect(text).toContain('The provider refuses the API key');
  expect(text).toContain(refusal.requestId);
  expect(text).toContain('Waiting jobs: 1');
  expect(text).toContain('https://videos.example.org/ops/credential');

  await api.ledger.credential.write(account('ok', watched.clock.nowMs + 1));
  await someLooks(watched);
  watched.clock.nowMs += 11_000;
  await expect.poll(() => watched.messages).toHaveLength(2);
  expect(watched.messages[1]).toMatch(/over.*The provider refuses the API key/);
  await expect.poll(() => api.ledger.incidents.list()).toEqual([]);
});

test('words of the provider cannot call a whole channel', async () => {
  await using api = await startApi();
  const watched = fresh();
  await beat(api, watched.clock.nowMs);
  await api.ledger.credential.write(account('rejected', watched.clock.nowMs));
  await using _watching = watch(api, watched);
  await expect.poll(() => watched.messages).toHaveLength(1);
  expect(watched.messages[0]).toContain('&lt;!channel&gt;');
});

test('workers that are missing for 30 s are told, a restart is not', async () => {
  await using api = await startApi();
  const watched = fresh();
  await using _watching = watch(api, watched);
  await expect.poll(() => api.ledger.incidents.list()).toMatchObject([{ name: 'no_worker', state: 'suspected' }]);
  await beat(api, watched.clock.nowMs);
  await expect.poll(() => api.ledger.incidents.list()).toEqual([]);
  expect(watched.messages).toEqual([]);
  watched.clock.nowMs += 16_000;
  await expect.poll(() => api.ledger.incidents.list()).toMatchObject([{ name: 'no_worker' }]);
  watched.clock.nowMs += 30_000;
  await expect.poll(() => watched.messages).toHaveLength(1);
  expect(watched.messages[0]).toContain('No worker is alive');
});

test('a message that nobody took is sent again after a pause', async () => {
  await using api = await startApi();
  const watched = fresh();
  watched.answers.push('status 500');
  await beat(api, watched.clock.nowMs + 60_000);
  await api.ledger.credential.write(account('out_of_credits', watched.clock.nowMs));
  await using _watching = watch(api, watched);
  await expect.poll(() => watched.messages).toHaveLength(1);
  await someLooks(watched);
  expect(watched.messages).toHaveLength(1);
  watched.clock.nowMs += 5_000;
  await expect.poll(() => watched.messages).toHaveLength(2);
  await expect.poll(() => api.ledger.incidents.list()).toMatchObject([{ state: 'told' }]);
  expect(watched.messages[1]).toBe(watched.messages[0]);
});
