import {
  type CredentialRecord,
  credentialStateAfter,
  type Failure,
  failureTable,
  type Hold,
  holdCodeFor,
} from '@video-proxy/core';
import { type CredentialWatchParts, openCredentialWatch } from './credential-watch.ts';

/** The account of this service at the provider: whether anything may be submitted, and what the answers say about it. */
export interface Account {
  /** Why nothing may be submitted now; null when submissions may go on. */
  hold(): Promise<Hold | null>;
  /** A create or a poll was refused. When the reason is the account, submissions stop for all workers. */
  refused(failure: Failure): Promise<void>;
  /** The provider took a request: whatever was wrong with the account is over. */
  accepted(): Promise<void>;
  /** The provider turned a create away because there were too many: this process waits. */
  rateLimited(hold: Hold): void;
  /** Looks at the key again and, while the account is not known to be good, asks the provider about it. */
  check(signal: AbortSignal): Promise<void>;
}

export function openAccount(parts: CredentialWatchParts): Account {
  const credential = openCredentialWatch(parts);
  let rateLimit: Hold | null = null;

  return {
    async hold() {
      const known = await credential.read();
      if (rateLimit !== null && (rateLimit.untilMs ?? 0) <= parts.now()) rateLimit = null;
      return (known === null ? null : holdOf(known)) ?? rateLimit;
    },
    async refused({ code, evidence }) {
      const state = credentialStateAfter(code);
      if (state !== null) await credential.record(state, evidence);
    },
    async accepted() {
      rateLimit = null;
      const known = await credential.read();
      if (known?.state !== 'ok') await credential.record('ok', known?.evidence ?? null);
    },
    rateLimited(hold) {
      // Since this limit began, not since the job that met it began to wait.
      rateLimit = { ...hold, sinceMs: rateLimit?.sinceMs ?? parts.now() };
    },
    check: credential.check,
  };
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
