import { credentialProbe, credentialReload, credentialReport, openaiError } from '@video-proxy/contracts';
import type { CredentialRecord, JsonObject } from '@video-proxy/core';
import type { QuestionKind, WorkerDescription } from '@video-proxy/ledger';
import { expect, onTestFinished, test, vi } from 'vitest';
import { auditEntries } from './audit-entries.ts';
import { rejection } from './events.ts';
import { opsKey, opsReadKey, type RunningApi, startApi } from './running-api.ts';

const rejected: CredentialRecord = {
  state: 'rejected',
  fingerprint: '1f3a9c2e',
  sinceMs: 2_000_000,
  checkedAtMs: 2_000_000,
  finding: null,
  evidence: rejection,
};

const worker = (id: string, known: Partial<WorkerDescription> = {}): WorkerDescription => ({
  id,
  version: '1',
  role: 'worker',
  provider: 'aimlapi',
  keyFingerprint: '1f3a9c2e',
  keySource: 'environment',
  startedAtMs: 1,
  ...known,
});

/** Answers as a worker does (proven with a real one in apps/worker and test/). */
function answerAs(api: RunningApi, id: string, kind: QuestionKind, answer: JsonObject): void {
  const look = async () => {
    for (const question of await api.ledger.questions.open()) {
      if (question.kind === kind) await api.ledger.questions.answer(question.id, id, answer);
    }
  };
  let isBusy = false;
  onTestFinished(
    api.ledger.changes.onAny(({ kind: changed }) => {
      if (changed !== 'questions' || isBusy) return;
      isBusy = true;
      void look();
    }),
  );
}

const order = (api: RunningApi, path: 'probe' | 'reload', key = opsKey) =>
  api.call('POST', `/ops/api/credential/${path}`, { key });

test('the report tells the account, its earlier states, the keys of the workers and what to do, in order', async () => {
  await using api = await startApi();
  await api.ledger.credential.write({ ...rejected, state: 'ok', sinceMs: 1_000_000, checkedAtMs: 1_000_000 });
  await api.ledger.credential.write(rejected);
  await api.ledger.workers.beat(worker('host-1.a', { host: 'host-1' }), Date.now());
  await api.create();
  const response = await api.call('GET', '/ops/api/credential', { key: opsReadKey });
  const report = credentialReport.parse(await response.json());
  expect(report).toMatchObject({
    credential: { state: 'rejected', since: 2_000, provider: { request_id: rejection.requestId } },
    keys: [{ worker: 'host-1.a', host: 'host-1', fingerprint: '1f3a9c2e', source: 'environment' }],
    waiting_jobs: 1,
    history: [{ state: 'rejected' }, { state: 'ok', since: 1_000 }],
  });
  expect(report.what_to_do.map(({ code }) => code)).toEqual([
    'compare_key',
    'create_key',
    'set_key',
    'probe',
    'ask_support',
  ]);
  expect(report.what_to_do.at(-1)?.text).toContain(rejection.requestId);
});

test('a probe is answered with what a worker heard from the provider, and stands in the audit', async () => {
  await using api = await startApi();
  await api.ledger.credential.write(rejected);
  await api.ledger.workers.beat(worker('host-1.a'), Date.now());
  const heard = { kind: 'refused', state: 'rejected', evidence: { ...rejection }, askedAtMs: 5_000, tookMs: 12 };
  answerAs(api, 'host-1.a', 'probe', { ...heard, fingerprint: '1f3a9c2e' });
  const response = await order(api, 'probe');
  expect(response.status).toBe(200);
  expect(credentialProbe.parse(await response.json())).toMatchObject({
    outcome: 'refused',
    message: 'The provider refuses the account: 401 This request requires a valid API key.',
    worker: 'host-1.a',
    took_ms: 12,
    provider: { request_id: rejection.requestId },
    credential: { state: 'rejected' },
  });
  expect(await auditEntries(api)).toMatchObject([
    { action: 'credential.probe', outcome: 'done', before: { state: 'rejected' }, after: { state: 'rejected' } },
  ]);
  expect(await api.ledger.questions.open()).toEqual([]);
});

test('a probe is carried out to its end although whoever ordered it has gone away', async () => {
  await using api = await startApi();
  await api.ledger.credential.write(rejected);
  await api.ledger.workers.beat(worker('host-1.a'), Date.now());
  const leaving = new AbortController();
  const headers = { authorization: `Bearer ${opsKey}` };
  const ordered = fetch(`${api.url}/ops/api/credential/probe`, { method: 'POST', headers, signal: leaving.signal });
  const question = await vi.waitUntil(async () => (await api.ledger.questions.open())[0]);
  leaving.abort();
  await expect(ordered).rejects.toThrow('abort');
  const heard = { kind: 'ok', askedAtMs: 5_000, tookMs: 12, fingerprint: '1f3a9c2e' };
  await api.ledger.questions.answer(question.id, 'host-1.a', heard);
  await expect.poll(() => auditEntries(api)).toMatchObject([{ action: 'credential.probe', outcome: 'done' }]);
});

test.each(['probe', 'reload'] as const)(
  'without a live worker a %s is refused at once, with what to do',
  async (path) => {
    await using api = await startApi();
    const response = await order(api, path);
    expect(response.status).toBe(503);
    expect(openaiError.parse(await response.json()).error.message).toContain('npm run worker');
    expect(await auditEntries(api)).toMatchObject([{ action: `credential.${path}`, outcome: 'refused' }]);
  },
);

test('a reload tells what each worker holds now, and where only a restart helps', async () => {
  await using api = await startApi();
  for (const id of ['host-1.a', 'host-2.b']) await api.ledger.workers.beat(worker(id), Date.now());
  const fingerprints = { before: '1f3a9c2e', fingerprint: 'ffffffff', finding: null };
  answerAs(api, 'host-1.a', 'reload', { host: 'host-1', source: 'file', ...fingerprints });
  answerAs(api, 'host-2.b', 'reload', {
    host: 'host-2',
    source: 'environment',
    ...fingerprints,
    fingerprint: '1f3a9c2e',
  });
  const { workers, silent, message } = credentialReload.parse(await (await order(api, 'reload')).json());
  expect(silent).toEqual([]);
  expect(workers.toSorted((a, b) => a.host.localeCompare(b.host))).toMatchObject([
    { host: 'host-1', changed: true, restart_needed: false, fingerprint: 'ffffffff' },
    { host: 'host-2', changed: false, restart_needed: true, fingerprint: '1f3a9c2e' },
  ]);
  expect(message).toMatch(/1 of 2 workers.*restart/);
});

test('who may only look orders neither', async () => {
  await using api = await startApi();
  expect((await order(api, 'probe', opsReadKey)).status).toBe(403);
  expect((await order(api, 'reload', opsReadKey)).status).toBe(403);
});
