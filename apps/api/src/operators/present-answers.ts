import type { CredentialProbe, CredentialReload } from '@video-proxy/contracts';
import { type CredentialRecord, type Said, said, saidWithin } from '@video-proxy/core';
import { presentEvidence, presentSaid } from '../presentation/evidence.ts';
import { unixSeconds } from '../presentation/view.ts';
import type { ProbeAnswer, ReloadAnswer } from './ask-workers.ts';
import { presentAccount } from './present.ts';

export function presentProbe(worker: string, answer: ProbeAnswer, record: CredentialRecord): CredentialProbe {
  const { kind, balanceUsd = null, evidence = null } = answer;
  return {
    outcome: kind,
    message: probeMessage(answer),
    said: presentSaid(probeSaid(answer)),
    balance_usd: balanceUsd,
    provider: presentEvidence(evidence),
    worker,
    fingerprint: answer.fingerprint,
    asked_at: unixSeconds(answer.askedAtMs),
    took_ms: answer.tookMs,
    credential: presentAccount(record),
  };
}

function probeMessage({ kind, balanceUsd, evidence, finding }: ProbeAnswer): string {
  switch (kind) {
    case 'ok':
      return typeof balanceUsd === 'number'
        ? `The provider accepts the account; balance ${balanceUsd.toFixed(2)} USD.`
        : 'The provider accepts the account.';
    case 'refused':
      return `The provider refuses the account: ${evidence?.statusCode ?? 'no status'} ${evidence?.message ?? ''}`.trim();
    case 'unavailable':
      return evidence?.statusCode == null
        ? `The provider gave no answer${evidence?.message == null ? ' in time' : `: ${evidence.message}`}.`
        : `The provider answered, but not about the account: ${evidence.statusCode} ${evidence.message ?? ''}`.trim();
    case 'no_key':
      return `There is no key that could be sent: ${finding ?? 'AI_ML_API_KEY is not set'}.`;
  }
}

function probeSaid({ kind, balanceUsd = null, evidence, said: key }: ProbeAnswer): Said {
  if (kind === 'no_key') return key ?? said('key_not_set');
  if (kind === 'ok') return said('probe_ok', { balance_usd: balanceUsd });
  const facts = { status: evidence?.statusCode ?? null, message: evidence?.message ?? null };
  return said(`probe_${kind}`, { ...saidWithin(evidence?.said), ...facts });
}

type ReloadedKey = CredentialReload['workers'][number];

export function presentReload(worker: string, answer: ReloadAnswer): ReloadedKey {
  const { host, source, fingerprint, before, finding } = answer;
  const common = { worker, host, source, fingerprint, fingerprint_before: before };
  const changed = fingerprint !== before;
  return { ...common, changed, restart_needed: source === 'environment', finding, said: presentSaid(answer.said) };
}

export function tellReload(
  keys: readonly ReloadedKey[],
  silent: readonly string[],
): Pick<CredentialReload, 'message' | 'said'> {
  const workers = keys.length + silent.length;
  const read = keys.filter(({ source }) => source === 'file').length;
  const fixed = keys.filter(({ restart_needed }) => restart_needed).length;
  const simulated = keys.filter(({ source }) => source === 'sandbox').length;
  const parts = [
    ...(read > 0 ? [`Read anew: ${read} of ${workers} workers.`] : []),
    ...(fixed > 0 ? ['A key in AI_ML_API_KEY cannot be read anew by a running process: restart to change it.'] : []),
    ...(simulated > 0 ? ['The sandbox has a key of its own.'] : []),
    ...(silent.length > 0 ? [`${silent.length} did not answer in time.`] : []),
  ];
  const facts = { workers, read, fixed, simulated, silent: silent.length };
  return { message: parts.join(' '), said: presentSaid(said('reloaded', facts)) };
}
