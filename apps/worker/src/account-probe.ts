import type { ApiKeySource } from '@video-proxy/aimlapi';
import {
  accountHoldOf,
  type CredentialRecord,
  failure,
  holdCodeFor,
  type ProbeOutcome,
  type ProviderEvidence,
  type VideoProvider,
} from '@video-proxy/core';
import type { Holds } from '@video-proxy/ledger';
import { writeLine } from '@video-proxy/telemetry';
import type { Logger } from 'pino';
import { isAboutAnotherGoodKey, type OwnCredentialRecord, wordsOf } from './credential-record.ts';
import type { SubmissionHolds } from './submission-holds.ts';

interface AccountProbeParts {
  readonly provider: Pick<VideoProvider, 'probe'>;
  readonly key: Pick<ApiKeySource, 'current'>;
  readonly record: Pick<OwnCredentialRecord, 'answered'>;
  readonly holds: Pick<Holds, 'read'>;
  readonly submissions: SubmissionHolds;
  readonly log: Logger;
  readonly now: () => number;
}

/** Asks the provider about the account, which costs nothing, and takes in what the answer says about record and holds. */
export function openAccountProbe({ provider, key, record, holds, submissions, log, now }: AccountProbeParts) {
  async function probe(
    known: CredentialRecord | null,
    signal: AbortSignal,
    { isOrdered = false } = {},
  ): Promise<ProbeOutcome> {
    const outcome = await provider.probe(signal);
    const answeredAtMs = now();
    if (outcome.kind === 'ok') await submissions.balanceSeen(outcome.balanceUsd);
    const isGood = outcome.kind === 'ok' || (outcome.kind === 'unavailable' && isAnswer(outcome.evidence));
    if (isGood) await (isOrdered ? submissions.orderedProbeAnswered() : submissions.probeAnswered());
    await takeIn(outcome, known, { isGood, isOrdered, answeredAtMs });
    return outcome;
  }

  async function takeIn(
    outcome: ProbeOutcome,
    known: CredentialRecord | null,
    { isGood, isOrdered, answeredAtMs }: { isGood: boolean; isOrdered: boolean; answeredAtMs: number },
  ): Promise<void> {
    const account = accountHoldOf(await holds.read(), key.current().fingerprint);
    // The last refusal stays with the record: after the recovery somebody will want to know what it was. As of the answer: a
    // create that was refused since, whose hold was not there yet, says more.
    const open = (state: 'ok' | 'unchecked') =>
      record.answered(state, known?.evidence ?? null, undefined, answeredAtMs);
    // The balance request may be answered well while creates are refused: then openings are spaced by growing pauses.
    const mayOpen = account === null || account.untilMs <= now();
    switch (outcome.kind) {
      case 'ok':
        // Who has asked wants to see when it was answered.
        if (mayOpen && (isOrdered || known?.state !== 'ok')) await open('ok');
        return;
      case 'refused':
        return probeRefused(known, outcome);
      case 'unavailable': {
        writeLine(log, 'probe_unanswered', wordsOf(outcome.evidence));
        const isHeld = known !== null && holdCodeFor(known.state) !== null;
        if (mayOpen && isHeld && isGood) await open('unchecked');
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
    if (!isAboutAnotherGoodKey(known, key)) await record.answered(state, evidence, told);
  }

  return probe;
}

/**
 * A provider that is there but does not tell the balance (no such endpoint, a key limited to generating) would keep a
 * hold for ever. Then the next trial finds out. Silence and 5xx pass by themselves.
 */
function isAnswer({ statusCode }: ProviderEvidence): boolean {
  return statusCode !== null && statusCode < 500;
}
