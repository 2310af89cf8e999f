import type { ApiKeySource } from '@video-proxy/aimlapi';
import {
  type CredentialRecord,
  type CredentialState,
  holdCodeFor,
  type ProviderEvidence,
  type VideoProvider,
} from '@video-proxy/core';
import type { Ledger } from '@video-proxy/ledger';
import type { Logger } from 'pino';

/** What is known about the provider account: one record in the ledger, which all workers read and correct. */
export interface CredentialWatch {
  read(): Promise<CredentialRecord | null>;
  /** Writes what an answer of the provider has shown. */
  record(state: CredentialState, evidence: ProviderEvidence | null): Promise<void>;
  /** Looks at the key again and, while the account is not known to be good, asks the provider about it. */
  check(signal: AbortSignal): Promise<void>;
}

export interface CredentialWatchParts {
  readonly credential: Ledger['credential'];
  readonly provider: Pick<VideoProvider, 'probe'>;
  readonly key: ApiKeySource;
  readonly probeIntervalMs: number;
  readonly log: Logger;
  readonly now: () => number;
}

export function openCredentialWatch(parts: CredentialWatchParts): CredentialWatch {
  const { credential, provider, key, probeIntervalMs, log, now } = parts;
  let lastProbeMs = Number.NEGATIVE_INFINITY;
  let ownFingerprint: string | null = null;

  async function write(found: Pick<CredentialRecord, 'state' | 'checkedAtMs' | 'finding' | 'evidence'>): Promise<void> {
    const changed = await credential.write({ ...found, fingerprint: key.current().fingerprint, sinceMs: now() });
    if (changed) report(log, found);
  }

  const record = (state: CredentialState, evidence: ProviderEvidence | null) =>
    write({ state, evidence, finding: null, checkedAtMs: now() });
  const recordKey = (state: CredentialState, finding: string | null) =>
    write({ state, evidence: null, finding, checkedAtMs: null });

  /** Brings the record in line with the key in our environment, and says whether the key can be sent at all. */
  async function followKey(): Promise<boolean> {
    const { inspection, fingerprint, finding } = key.current();
    switch (inspection.state) {
      case 'missing':
        await recordKey('missing', `Missing AI_ML_API_KEY: ${finding}`);
        return false;
      case 'malformed':
        await recordKey('malformed', finding);
        return false;
      case 'loaded':
        // Only a change of our own key is news: a worker with another key must not be argued with every second.
        if (fingerprint !== ownFingerprint) {
          lastProbeMs = Number.NEGATIVE_INFINITY;
          if ((await credential.read())?.fingerprint !== fingerprint) await recordKey('unchecked', null);
          ownFingerprint = fingerprint;
        }
        return true;
    }
  }

  async function probe(known: CredentialRecord | null, signal: AbortSignal): Promise<void> {
    lastProbeMs = now();
    const outcome = await provider.probe(signal);
    // The last refusal stays with the record: after the recovery somebody will want to know what it was.
    const lastRefusal = known?.evidence ?? null;
    switch (outcome.kind) {
      case 'ok':
        return record('ok', lastRefusal);
      case 'refused':
        return record(outcome.state, outcome.evidence);
      case 'unavailable': {
        log.warn({ provider: outcome.evidence }, 'the provider could not be asked about the account');
        const isHeld = known !== null && holdCodeFor(known.state) !== null;
        if (isHeld && isAnswer(outcome.evidence)) await record('unchecked', lastRefusal);
      }
    }
  }

  return {
    read: () => credential.read(),
    record,
    async check(signal) {
      if (!(await followKey())) return;
      const known = await credential.read();
      // Counted from the last answer to any worker: a fresh refusal is not asked about again at once.
      const lastWordMs = Math.max(lastProbeMs, known?.checkedAtMs ?? Number.NEGATIVE_INFINITY);
      if (known?.state !== 'ok' && now() - lastWordMs >= probeIntervalMs) await probe(known, signal);
    },
  };
}

function report(log: Logger, { state, finding, evidence }: Pick<CredentialRecord, 'state' | 'finding' | 'evidence'>) {
  const details = { credential: state, finding, provider: evidence };
  if (holdCodeFor(state) !== null) {
    log.error(details, 'submissions are on hold: the provider account cannot be used');
  } else if (state === 'ok') {
    log.info(details, 'the provider accepts the account');
  } else {
    log.info(details, 'it is not known whether the provider accepts the account: the next answer will tell');
  }
}

/**
 * A provider that is there but does not tell the balance (no such endpoint, a key limited to generating) would keep a
 * hold for ever. Then the next job finds out: one refusal an interval at the most. Silence and 5xx pass by themselves.
 */
function isAnswer({ statusCode }: ProviderEvidence): boolean {
  return statusCode !== null && statusCode < 500;
}
