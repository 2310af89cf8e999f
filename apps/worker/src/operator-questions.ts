import type { ApiKeySource } from '@video-proxy/aimlapi';
import type { JsonObject, ProbeOutcome } from '@video-proxy/core';
import type { KeySource, Question } from '@video-proxy/ledger';
import type { WorkerParts } from './worker-parts.ts';

/** The key that this worker sends, and where it has it from. */
export interface WorkerKey extends Pick<ApiKeySource, 'current'> {
  readonly source: KeySource;
}

type AnsweringParts = Pick<WorkerParts, 'workerId' | 'ledger' | 'now'> & {
  readonly account: Pick<WorkerParts['account'], 'probeNow' | 'reload'>;
};
type Answering = (signal: AbortSignal) => Promise<void>;

/** Whoever asked waits a little longer than this. */
const probeTimeoutMs = 8_000;
/** Longer than anybody waits for the answer. */
const claimMs = 60_000;

/** "Does the provider accept the account now?": asked of all workers, answered by the first that hears it. */
export function answerProbes(parts: AnsweringParts, key: WorkerKey): Answering {
  const { workerId, ledger, account, now } = parts;
  return forEachNew(parts, 'probe', async ({ id }, signal) => {
    if (!(await ledger.leases.acquire(`question:${id}`, workerId, claimMs))) return;
    const askedAtMs = now();
    const outcome = await probed(account, signal);
    const { fingerprint, finding, said } = key.current();
    await ledger.questions.answer(id, workerId, {
      askedAtMs,
      tookMs: now() - askedAtMs,
      fingerprint,
      ...(outcome === null ? { kind: 'no_key', finding, said } : answerOf(outcome)),
    });
  });
}

/** "Look at the key file": asked of every worker. */
export function answerReloads(parts: AnsweringParts, { host, key }: { host: string; key: WorkerKey }): Answering {
  const { workerId, ledger, account } = parts;
  return forEachNew(parts, 'reload', async ({ id }) => {
    const before = key.current().fingerprint;
    await account.reload();
    const { fingerprint, finding, said } = key.current();
    const known = { fingerprint, finding, said };
    await ledger.questions.answer(id, workerId, { host, source: key.source, before, ...known });
  });
}

/** A question stands for a while after it was answered: each is taken up once, whatever comes of the one before. */
function forEachNew(
  { ledger }: AnsweringParts,
  kind: Question['kind'],
  answer: (question: Question, signal: AbortSignal) => Promise<void>,
): Answering {
  let taken = new Set<string>();
  return async (signal) => {
    const open = (await ledger.questions.open()).filter((question) => question.kind === kind);
    taken = taken.intersection(new Set(open.map(({ id }) => id)));
    for (const question of open) {
      if (taken.has(question.id)) continue;
      taken.add(question.id);
      await answer(question, signal);
    }
  };
}

async function probed(
  account: AnsweringParts['account'],
  signal: AbortSignal,
): Promise<ProbeOutcome | null | 'silence'> {
  const patience = AbortSignal.timeout(probeTimeoutMs);
  try {
    return await account.probeNow(AbortSignal.any([signal, patience]));
  } catch (error) {
    if (patience.aborted && !signal.aborted) return 'silence';
    throw error;
  }
}

function answerOf(outcome: ProbeOutcome | 'silence'): JsonObject {
  if (outcome === 'silence') return { kind: 'unavailable', evidence: null };
  switch (outcome.kind) {
    case 'ok':
      return { kind: 'ok', balanceUsd: outcome.balanceUsd };
    case 'refused':
      return { kind: 'refused', state: outcome.state, evidence: { ...outcome.evidence } };
    case 'unavailable':
      return { kind: 'unavailable', evidence: { ...outcome.evidence } };
  }
}
