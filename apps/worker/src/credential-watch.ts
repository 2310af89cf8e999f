import { randomUUID } from 'node:crypto';
import type { ApiKeySource } from '@video-proxy/aimlapi';
import {
  type CredentialRecord,
  type CredentialState,
  failure,
  holdCodeFor,
  type ProbeOutcome,
  type ProviderEvidence,
  type SharedHold,
  type StandingHolds,
  type VideoProvider,
} from '@video-proxy/core';
import type { Ledger } from '@video-proxy/ledger';
import { writeLine } from '@video-proxy/telemetry';
import type { Logger } from 'pino';
import type { SubmissionHolds } from './submission-holds.ts';

/** What is known about the provider account: one record in the ledger, which all workers read and correct. */
export interface CredentialWatch {
  read(): Promise<CredentialRecord | null>;
  /** What is known about the key of this worker, which need not be the one the record is about. */
  ownState(): Promise<CredentialState>;
  /** Writes what an answer of the provider has shown. */
  record(
    state: CredentialState,
    evidence: ProviderEvidence | null,
    told?: Pick<CredentialRecord, 'finding' | 'said'>,
  ): Promise<void>;
  /** The same of a refusal that no create has met: it does not displace the news that another key works. */
  doubt(state: CredentialState, evidence: ProviderEvidence | null): Promise<void>;
  accepted(): Promise<void>;
  /** Looks at the key again and, while the account is not known to be good, asks the provider about it. */
  check(signal: AbortSignal): Promise<void>;
  /** Asks the provider now, because an operator wants to know; null when there is no key that could be sent. */
  probeNow(signal: AbortSignal): Promise<ProbeOutcome | null>;
  /** Looks at the key now, and brings the record in line with it. */
  reload(): Promise<void>;
}

export interface CredentialWatchParts {
  readonly ledger: Pick<Ledger, 'credential' | 'holds' | 'leases'>;
  readonly provider: Pick<VideoProvider, 'probe'>;
  readonly key: ApiKeySource;
  readonly submissions: SubmissionHolds;
  readonly probeIntervalMs: number;
  readonly log: Logger;
  readonly now: () => number;
}

export function openCredentialWatch(parts: CredentialWatchParts): CredentialWatch {
  const { ledger, provider, key, submissions, probeIntervalMs, log, now } = parts;
  const { credential } = ledger;
  let followed: {
    readonly state: string;
    readonly fingerprint: string | null;
    readonly finding: string | null;
  } | null = null;
  let loadedFingerprint: string | null = null;

  async function write(
    found: Pick<CredentialRecord, 'state' | 'checkedAtMs' | 'finding' | 'said' | 'evidence'>,
  ): Promise<void> {
    const changed = await credential.write({ ...found, fingerprint: key.current().fingerprint, sinceMs: now() });
    if (changed) report(log, found);
  }

  const record: CredentialWatch['record'] = (state, evidence, told = { finding: null }) =>
    write({ state, evidence, ...told, checkedAtMs: now() });
  const recordKey = (state: CredentialState, told: Pick<CredentialRecord, 'finding' | 'said'>) =>
    write({ state, evidence: null, ...told, checkedAtMs: null });

  /** Brings the record in line with the key in our environment, and says whether the key can be sent at all. */
  async function followKey(known: CredentialRecord | null): Promise<boolean> {
    const { inspection, fingerprint, finding, said } = key.current();
    const { state } = inspection;
    // Only a change of our own key is news: a worker with another key must not be argued with every second.
    const isFollowed =
      followed?.state === state && followed.fingerprint === fingerprint && followed.finding === finding;
    if (known === null || !isFollowed) {
      switch (state) {
        case 'missing':
          await recordKey('missing', { finding: `Missing AI_ML_API_KEY: ${finding}`, said });
          break;
        case 'malformed':
          await recordKey('malformed', { finding, said });
          break;
        case 'loaded':
          if (known?.fingerprint !== fingerprint) await keyLoaded(fingerprint);
          loadedFingerprint = fingerprint;
      }
      followed = { state, fingerprint, finding };
    }
    return state === 'loaded';
  }

  async function keyLoaded(fingerprint: string | null): Promise<void> {
    if (fingerprint !== loadedFingerprint) await submissions.keyChanged(loadedFingerprint);
    await recordKey('unchecked', { finding: null });
  }

  async function probe(
    known: CredentialRecord | null,
    signal: AbortSignal,
    { isOrdered = false } = {},
  ): Promise<ProbeOutcome> {
    const outcome = await provider.probe(signal);
    if (outcome.kind === 'ok') await submissions.balanceSeen(outcome.balanceUsd);
    const isGood = outcome.kind === 'ok' || (outcome.kind === 'unavailable' && isAnswer(outcome.evidence));
    if (isGood) await (isOrdered ? submissions.orderedProbeAnswered() : submissions.probeAnswered());
    await takeIn(outcome, known, { isGood, isOrdered });
    return outcome;
  }

  async function takeIn(
    outcome: ProbeOutcome,
    known: CredentialRecord | null,
    { isGood, isOrdered }: { readonly isGood: boolean; readonly isOrdered: boolean },
  ): Promise<void> {
    const account = ownHold(await ledger.holds.read(), key.current().fingerprint);
    // The last refusal stays with the record: after the recovery somebody will want to know what it was.
    const lastRefusal = known?.evidence ?? null;
    // The balance request may be answered well while creates are refused: then openings are spaced by growing pauses.
    const mayOpen = account === null || account.untilMs <= now();
    switch (outcome.kind) {
      case 'ok':
        // Who has asked wants to see when it was answered.
        if (mayOpen && (isOrdered || known?.state !== 'ok')) await record('ok', lastRefusal);
        return;
      case 'refused':
        return probeRefused(known, outcome);
      case 'unavailable': {
        writeLine(log, 'probe_unanswered', wordsOf(outcome.evidence));
        const isHeld = known !== null && holdCodeFor(known.state) !== null;
        if (mayOpen && isHeld && isGood) await record('unchecked', lastRefusal);
      }
    }
  }

  async function probeRefused(
    known: CredentialRecord | null,
    { state, evidence }: Extract<ProbeOutcome, { kind: 'refused' }>,
  ): Promise<void> {
    const code = holdCodeFor(state);
    if (code !== null) await submissions.probeRefused(failure(code, { evidence }));
    // That there is nothing left is said by the balance itself, which operators want to see.
    const told =
      state === 'out_of_credits' ? { finding: evidence.message, said: evidence.said ?? null } : { finding: null };
    if (!isAboutAnotherGoodKey(known)) await record(state, evidence, told);
  }

  function isAboutAnotherGoodKey(known: CredentialRecord | null): boolean {
    return known?.state === 'ok' && known.fingerprint !== key.current().fingerprint;
  }

  return {
    read: () => credential.read(),
    record,
    async doubt(state, evidence) {
      if (!isAboutAnotherGoodKey(await credential.read())) await record(state, evidence);
    },
    async ownState() {
      const { inspection, fingerprint } = key.current();
      if (inspection.state !== 'loaded') return inspection.state;
      const known = await credential.read();
      if (known === null) return 'unchecked';
      return known.fingerprint === fingerprint || known.state === 'ok' ? known.state : 'unchecked';
    },
    async accepted() {
      const known = await credential.read();
      if (known?.state !== 'ok') await record('ok', known?.evidence ?? null);
    },
    async check(signal) {
      const known = await credential.read();
      if (!(await followKey(known))) return;
      const { fingerprint } = key.current();
      const holds = await ledger.holds.read();
      const doubts = [ownHold(holds, fingerprint), ...holds.models.values()].filter((hold) => hold !== null);
      if (doubts.length === 0 && known?.state === 'ok') return;
      // A fresh refusal is not asked about at once, and by one worker with this key only.
      if (doubts.some(({ refusedAtMs }) => now() - refusedAtMs < probeIntervalMs)) return;
      const isOurs = await ledger.leases.acquire(`probe:${fingerprint}`, randomUUID(), probeIntervalMs);
      if (isOurs) await probe(await credential.read(), signal);
    },
    async probeNow(signal) {
      key.reload();
      if (!(await followKey(await credential.read()))) return null;
      return probe(await credential.read(), signal, { isOrdered: true });
    },
    async reload() {
      key.reload();
      await followKey(await credential.read());
    },
  };
}

function ownHold({ accounts }: StandingHolds, fingerprint: string | null): SharedHold | null {
  return fingerprint === null ? null : (accounts.get(fingerprint) ?? null);
}

function report(log: Logger, { state, finding, evidence }: Pick<CredentialRecord, 'state' | 'finding' | 'evidence'>) {
  if (holdCodeFor(state) !== null) {
    writeLine(log, 'credential_refused', { credential: state, finding, ...(evidence && wordsOf(evidence)) });
  } else {
    const event = state === 'ok' ? 'credential_accepted' : 'credential_unchecked';
    writeLine(log, event, { credential: state, finding, lastRefusal: evidence });
  }
}

const wordsOf = (evidence: ProviderEvidence) => ({ providerRequestId: evidence.requestId, provider: evidence });

/**
 * A provider that is there but does not tell the balance (no such endpoint, a key limited to generating) would keep a
 * hold for ever. Then the next trial finds out. Silence and 5xx pass by themselves.
 */
function isAnswer({ statusCode }: ProviderEvidence): boolean {
  return statusCode !== null && statusCode < 500;
}
