import {
  credentialStateAfter,
  type Failure,
  type Hold,
  hasHolds,
  holdOn,
  type Passage,
  type ProbeOutcome,
  passageOf,
  type SharedHold,
  type StandingHolds,
  type Usage,
  type Waiting,
} from '@video-proxy/core';
import type { Ledger } from '@video-proxy/ledger';
import { type Admission, admit } from './admit.ts';
import { type CredentialWatchParts, openCredentialWatch } from './credential-watch.ts';
import { openCreditRefusals } from './credit-refusals.ts';
import { openPriceNotes } from './price-notes.ts';
import { openSubmissionHolds, type SentRequest } from './submission-holds.ts';

/** The account of this service at the provider: whether anything may be submitted, and what the answers say about it. */
export interface Account {
  /** Asked before each create request: whether it may be sent, and for which models it may not. */
  admit(): Promise<Admission>;
  /** What `admit` would say, without taking a trial. */
  passage(): Promise<Passage>;
  /** Which hold keeps a queued job waiting; null when there is none for anybody. */
  holds(): Promise<((waiting: Waiting) => Hold | null) | null>;
  /** The provider took a request: whatever was wrong with the account is over. */
  accepted(request: SentRequest, usage: Usage | null): Promise<void>;
  /** A create was refused. When the reason is the account, submissions stop for all workers. */
  createRefused(failure: Failure, request: SentRequest): Promise<void>;
  /** The same, said to a poll. */
  refused(failure: Failure): Promise<void>;
  /** The provider did not take a create: all workers wait, for as long as the hold says. */
  notTaken(failure: Failure, request: SentRequest, retryAfterMs: number | null): Promise<SharedHold>;
  /** Nobody knows how a create ended: a trial has shown nothing. */
  answerLost(): Promise<void>;
  /** Looks at the key again and, while the account is not known to be good, asks the provider about it. */
  check(signal: AbortSignal): Promise<void>;
  /** Asks the provider now, at no cost, because an operator wants to know; null when there is no key that could be sent. */
  probeNow(signal: AbortSignal): Promise<ProbeOutcome | null>;
  /** Looks at the key now. */
  reload(): Promise<void>;
}

export interface AccountParts extends Omit<CredentialWatchParts, 'submissions'> {
  readonly workerId: string;
  readonly ledger: Pick<Ledger, 'credential' | 'holds' | 'leases'>;
}

export function openAccount(parts: AccountParts): Account {
  const { workerId, ledger, provider, key, log, now } = parts;
  const fingerprint = () => key.current().fingerprint;
  const submissions = openSubmissionHolds({ ...parts, holds: ledger.holds, fingerprint });
  const credential = openCredentialWatch({ ...parts, submissions });
  const refusedForCredits = openCreditRefusals({ provider, credential, submissions });
  const notePrice = openPriceNotes(ledger.holds);

  async function passage(holds: StandingHolds): Promise<Passage> {
    return passageOf({ fingerprint: fingerprint(), state: await credential.ownState() }, holds, now());
  }

  return {
    admit: () => admit({ workerId, holds: ledger.holds, passage, log, now }),
    passage: async () => passage(await ledger.holds.read()),
    async holds() {
      const [record, holds] = await Promise.all([credential.read(), ledger.holds.read()]);
      return hasHolds(record, holds) ? (waiting) => holdOn(waiting, record, holds) : null;
    },
    async accepted({ model }, usage) {
      if (usage !== null) await notePrice(model, usage.heldUsd);
      await submissions.accepted(model);
      await credential.accepted();
    },
    async createRefused(failure, request) {
      const state = credentialStateAfter(failure.code);
      await submissions.answered();
      if (state === 'out_of_credits') return refusedForCredits(failure, request);
      if (state === null) return;
      await submissions.accountRefused(failure, request.sentAtMs);
      await credential.record(state, failure.evidence);
    },
    async refused(failure) {
      const state = credentialStateAfter(failure.code);
      if (state === null) return;
      await submissions.pollRefused(failure);
      await credential.doubt(state, failure.evidence);
    },
    notTaken: submissions.notTaken,
    answerLost: submissions.answerLost,
    check: credential.check,
    probeNow: credential.probeNow,
    reload: credential.reload,
  };
}
