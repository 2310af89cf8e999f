import type {
  AttentionItem,
  OperatorCredential,
  OperatorOverview,
  OperatorWorkers,
  StandingHoldWire,
} from '@video-proxy/contracts';
import {
  type Attention,
  type CredentialRecord,
  failureTable,
  type Hold,
  holdCodeFor,
  holdDifferentKeys,
  isPaused,
  type SharedHold,
  type StandingHolds,
  tooFewCreditsSaid,
} from '@video-proxy/core';
import { presentEvidence, presentSaid } from '../presentation/evidence.ts';
import { unixSeconds } from '../presentation/view.ts';
import type { Installation } from './installation.ts';

const secondsOrNull = (timeMs: number | null): number | null => (timeMs === null ? null : unixSeconds(timeMs));

export function presentAccount(record: CredentialRecord): OperatorCredential {
  return {
    state: record.state,
    fingerprint: record.fingerprint,
    since: unixSeconds(record.sinceMs),
    checked_at: secondsOrNull(record.checkedAtMs),
    last_provider_request_id: record.evidence?.requestId ?? null,
    finding: record.finding,
    said: presentSaid(record.said),
    provider: presentEvidence(record.evidence),
  };
}

/** Every hold that stands, that of the key included; the one that keeps most jobs waiting first. */
export function presentHolds(credential: CredentialRecord, holds: StandingHolds, nowMs: number): StandingHoldWire[] {
  const of = (scope: StandingHoldWire['scope'], subject: string | null, hold: Hold | SharedHold): StandingHoldWire => ({
    scope,
    subject,
    code: hold.code,
    message: hold.message,
    said: null,
    since: unixSeconds(hold.sinceMs),
    until: secondsOrNull(hold.untilMs),
    tries: 'tries' in hold ? hold.tries : null,
    by: null,
    provider: presentEvidence(hold.evidence),
  });
  const { ops, provider, accounts, models } = holds;
  const refused = credentialHold(credential);
  return [
    ...(refused === null
      ? []
      : [{ ...of('credential', credential.fingerprint, refused), said: presentSaid(credential.said) }]),
    ...(ops === null || !isPaused(holds, nowMs) ? [] : [{ ...of('ops', null, ops), by: ops.by }]),
    ...(provider === null ? [] : [of('provider', null, provider)]),
    ...[...accounts].map(([fingerprint, hold]) => of('account', fingerprint, hold)),
    ...[...models].map(([model, hold]) => ({
      ...of('model', model, hold),
      said: presentSaid(tooFewCreditsSaid([model], hold.balanceUsd)),
    })),
  ];
}

function credentialHold({ state, finding, sinceMs, evidence }: CredentialRecord): Hold | null {
  const code = holdCodeFor(state);
  return code === null ? null : { code, message: finding ?? failureTable[code].text, sinceMs, untilMs: null, evidence };
}

export function presentPause({
  holds,
  nowMs,
}: Pick<Installation['facts'], 'holds' | 'nowMs'>): OperatorOverview['paused'] {
  const { ops } = holds;
  if (ops === null || !isPaused(holds, nowMs)) return null;
  return { reason: ops.message, by: ops.by, since: unixSeconds(ops.sinceMs), until: secondsOrNull(ops.untilMs) };
}

export function presentWorkers({ workers, pollDueMs, facts }: Installation): OperatorWorkers {
  return {
    workers: workers.map((worker) => ({
      id: worker.id,
      // A worker of the version before has its host in front of its id.
      host: worker.host ?? worker.id.split('.').slice(0, -1).join('.'),
      version: worker.version,
      provider: worker.provider,
      key_fingerprint: worker.keyFingerprint,
      key_source: worker.keySource ?? null,
      started_at: unixSeconds(worker.startedAtMs),
      last_heartbeat: unixSeconds(worker.lastBeatMs),
      steps_in_hand: worker.stepsInHand ?? null,
      unrecorded_generations: worker.unrecordedGenerations ?? 0,
    })),
    keys_differ: holdDifferentKeys(workers),
    poll_lag: { oldest_due_at: secondsOrNull(pollDueMs), lag_seconds: facts.pollLagMs / 1_000 },
  };
}

/** @param beganMs when the incident of this name began, where that is known better */
export function presentAttention(item: Attention, beganMs: number | null): AttentionItem {
  return {
    severity: item.severity,
    code: item.code,
    title: item.title,
    detail: item.detail,
    since: secondsOrNull(item.sinceMs ?? beganMs),
    action: item.action,
    link: pageOf(item.code),
    facts: item.facts,
    said: presentSaid(item.said),
    provider: presentEvidence(item.evidence),
  };
}

/** Where in the console one can do something about it. */
export function pageOf(code: string): string | null {
  if (code.startsWith('account_') || code === 'keys_differ' || code === 'models_held') return '/ops/credential';
  if (code === 'failure_spike') return '/ops/failures';
  if (code === 'submissions_unknown') return '/ops/jobs?status=in_progress';
  const isAboutWork = ['no_worker', 'poll_lag', 'paused', 'provider_limits', 'provider_unreachable'].includes(code);
  return isAboutWork ? '/ops/dispatch' : null;
}
