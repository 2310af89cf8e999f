import { randomUUID } from 'node:crypto';
import type { ApiKeySource } from '@video-proxy/aimlapi';
import {
  accountHoldOf,
  type CredentialRecord,
  type CredentialState,
  type ProbeOutcome,
  type ProviderEvidence,
  type VideoProvider,
} from '@video-proxy/core';
import type { Ledger } from '@video-proxy/ledger';
import type { Logger } from 'pino';
import { openAccountProbe } from './account-probe.ts';
import { isAboutAnotherGoodKey, openCredentialRecord } from './credential-record.ts';
import { openKeyFollower } from './own-key.ts';
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
  const { ledger, key, probeIntervalMs, now } = parts;
  const record = openCredentialRecord(parts);
  const followKey = openKeyFollower({ ...parts, record });
  const probe = openAccountProbe({ ...parts, record, holds: ledger.holds });

  return {
    read: record.read,
    record: record.answered,
    async doubt(state, evidence) {
      if (!isAboutAnotherGoodKey(await record.read(), key)) await record.answered(state, evidence);
    },
    async ownState() {
      const { inspection, fingerprint } = key.current();
      if (inspection.state !== 'loaded') return inspection.state;
      const known = await record.read();
      if (known === null) return 'unchecked';
      return known.fingerprint === fingerprint || known.state === 'ok' ? known.state : 'unchecked';
    },
    async accepted() {
      const known = await record.read();
      if (known?.state !== 'ok') await record.answered('ok', known?.evidence ?? null);
    },
    async check(signal) {
      const known = await record.read();
      if (!(await followKey(known))) return;
      const { fingerprint } = key.current();
      const holds = await ledger.holds.read();
      const doubts = [accountHoldOf(holds, fingerprint), ...holds.models.values()].filter((hold) => hold !== null);
      if (doubts.length === 0 && known?.state === 'ok') return;
      // A fresh refusal is not asked about at once, and by one worker with this key only.
      if (doubts.some(({ refusedAtMs }) => now() - refusedAtMs < probeIntervalMs)) return;
      const isOurs = await ledger.leases.acquire(`probe:${fingerprint}`, randomUUID(), probeIntervalMs);
      if (isOurs) await probe(await record.read(), signal);
    },
    async probeNow(signal) {
      key.reload();
      if (!(await followKey(await record.read()))) return null;
      return probe(await record.read(), signal, { isOrdered: true });
    },
    async reload() {
      key.reload();
      await followKey(await record.read());
    },
  };
}
