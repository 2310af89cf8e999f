import {
  type CredentialRecord,
  type CredentialState,
  credentialStateAfter,
  type Failure,
  failureTable,
  type Hold,
  holdCodeFor,
  type ProviderEvidence,
  type VideoProvider,
} from '@video-proxy/core';
import type { Logger } from 'pino';
import type { ApiKeySource, CredentialRecords } from './ports.ts';

/** The account of this service at the provider, as all workers see it: one record in the ledger. */
export interface Account {
  /** Why nothing may be submitted now; null when submissions may go on. */
  hold(): Promise<Hold | null>;
  /** A create or a poll was refused. When the reason is the account, submissions stop for all workers. */
  refused(failure: Failure): Promise<void>;
  /** The provider took a request: whatever was wrong with the account is over. */
  accepted(): Promise<void>;
  /** The provider turned a create away because there were too many. */
  rateLimited(hold: Hold): void;
  /** Looks at the key again and, while the account is not known to be good, asks the provider about it. */
  check(signal: AbortSignal): Promise<void>;
}

interface AccountParts {
  readonly credential: CredentialRecords;
  readonly provider: Pick<VideoProvider, 'probe'>;
  readonly key: ApiKeySource;
  readonly probeIntervalMs: number;
  readonly log: Logger;
  readonly now: () => number;
}

export function createAccount(parts: AccountParts): Account {
  let rateLimit: Hold | null = null;
  let lastProbeMs = Number.NEGATIVE_INFINITY;

  async function record(
    state: CredentialState,
    known: { finding?: string | null; evidence?: ProviderEvidence | null; checked: boolean },
  ): Promise<void> {
    const nowMs = parts.now();
    const changed = await parts.credential.write({
      state,
      fingerprint: parts.key.current().fingerprint,
      sinceMs: nowMs,
      checkedAtMs: known.checked ? nowMs : null,
      finding: known.finding ?? null,
      evidence: known.evidence ?? null,
    });
    if (!changed) return;
    const details = { credential: state, finding: known.finding, provider: known.evidence };
    if (holdCodeFor(state) !== null)
      parts.log.error(details, 'submissions are on hold: the provider account cannot be used');
    else if (state === 'ok') parts.log.info(details, 'the provider accepts the account');
    else parts.log.info(details, 'another key is loaded: asking the provider about it');
  }

  /** Brings the record in line with the key in our environment, and says whether the key can be sent at all. */
  async function followKey(known: CredentialRecord | null): Promise<boolean> {
    const { inspection, fingerprint, finding } = parts.key.current();
    switch (inspection.state) {
      case 'missing':
        await record('missing', { finding: `Missing AI_ML_API_KEY: ${finding}`, checked: false });
        return false;
      case 'malformed':
        await record('malformed', { finding, checked: false });
        return false;
      case 'loaded':
        if (known?.fingerprint !== fingerprint) {
          lastProbeMs = Number.NEGATIVE_INFINITY;
          await record('unchecked', { checked: false });
        }
        return true;
    }
  }

  async function probe(known: CredentialRecord | null, signal: AbortSignal): Promise<void> {
    lastProbeMs = parts.now();
    const outcome = await parts.provider.probe(signal);
    switch (outcome.kind) {
      case 'ok':
        // The last refusal stays with the record: after the recovery somebody will want to know what it was.
        return record('ok', { evidence: known?.evidence ?? null, checked: true });
      case 'refused':
        return record(outcome.state, { evidence: outcome.evidence, checked: true });
      case 'unavailable':
        parts.log.warn({ provider: outcome.evidence }, 'the provider could not be asked about the account');
        if (known !== null && holdCodeFor(known.state) !== null && isAnswer(outcome.evidence)) {
          await record('unchecked', { evidence: known.evidence, checked: true });
        }
    }
  }

  return {
    async hold() {
      const nowMs = parts.now();
      if (rateLimit?.untilMs != null && rateLimit.untilMs <= nowMs) rateLimit = null;
      const known = await parts.credential.read();
      return (known === null ? null : holdOf(known)) ?? rateLimit;
    },
    async refused(failure) {
      const state = credentialStateAfter(failure.code);
      if (state !== null) await record(state, { evidence: failure.evidence, checked: true });
    },
    async accepted() {
      rateLimit = null;
      const known = await parts.credential.read();
      if (known?.state !== 'ok') await record('ok', { evidence: known?.evidence ?? null, checked: true });
    },
    rateLimited(hold) {
      rateLimit = hold;
    },
    async check(signal) {
      const sendable = await followKey(await parts.credential.read());
      if (!sendable) return;
      const known = await parts.credential.read();
      // Counted from the last answer to any worker: a fresh refusal is not asked about again at once.
      const lastWordMs = Math.max(lastProbeMs, known?.checkedAtMs ?? Number.NEGATIVE_INFINITY);
      if (known?.state !== 'ok' && parts.now() - lastWordMs >= parts.probeIntervalMs) await probe(known, signal);
    },
  };
}

/**
 * A provider that is there but does not tell the balance (no such endpoint, a key limited to generating) would keep a
 * hold for ever. Then the next job finds out: one refusal an interval at the most. Silence and 5xx pass by themselves.
 */
function isAnswer({ statusCode }: ProviderEvidence): boolean {
  return statusCode !== null && statusCode < 500;
}

/** The hold that a refused account puts on everything waiting. */
function holdOf(record: CredentialRecord): Hold | null {
  const code = holdCodeFor(record.state);
  if (code === null) return null;
  return {
    code,
    message: record.finding ?? failureTable[code].text,
    sinceMs: record.sinceMs,
    untilMs: null,
    evidence: record.evidence,
  };
}
