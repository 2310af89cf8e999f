import {
  type Failure,
  type ProbeOutcome,
  type ProviderEvidence,
  tooFewCredits,
  tooFewCreditsSaid,
  type VideoProvider,
} from '@video-proxy/core';
import type { CredentialWatch } from './credential-watch.ts';
import type { SentRequest, SubmissionHolds } from './submission-holds.ts';

export interface CreditRefusalParts {
  readonly provider: Pick<VideoProvider, 'probe'>;
  readonly credential: Pick<CredentialWatch, 'record'>;
  readonly submissions: SubmissionHolds;
}

/** The job that met the refusal waits for the balance before it fails. */
const balancePatienceMs = 5_000;

/**
 * A refusal about money. It proves that the key is valid, and may concern a dear model only: that model is held, and
 * everything when another one was refused too, or the balance, which is free to ask, is nothing.
 */
export function openCreditRefusals({ provider, credential, submissions }: CreditRefusalParts) {
  return async (failure: Failure, request: SentRequest): Promise<void> => {
    const { code, evidence } = failure;
    const models = await submissions.modelRefused(
      { code, message: tooFewCredits([request.model], null), evidence },
      request,
    );
    const told = await balance(provider);
    const balanceUsd = told?.kind === 'ok' ? told.balanceUsd : null;
    await submissions.balanceSeen(balanceUsd);
    if (told?.kind === 'refused' && told.state !== 'out_of_credits') {
      await submissions.probeRefused(failure);
      return credential.record(told.state, told.evidence);
    }
    if (told?.kind === 'refused' || models.length > 1) {
      const finding = tooFewCredits(models, told?.kind === 'refused' ? told.evidence.message : balanceUsd);
      await submissions.accountRefused({ code, message: finding, evidence }, request.sentAtMs);
      await submissions.balanceSeen(balanceUsd);
      const said = tooFewCreditsSaid(models, told?.kind === 'refused' ? balanceIn(told.evidence) : balanceUsd);
      return credential.record('out_of_credits', evidence, { finding, said });
    }
    if (told?.kind === 'ok') await credential.record('ok', evidence);
  };
}

/** A balance of nothing is told by a remark; a refusal of another kind has its words in the evidence. */
function balanceIn({ said }: ProviderEvidence): number | null {
  const known = said?.facts['balance_usd'];
  return typeof known === 'number' ? known : null;
}

async function balance(provider: CreditRefusalParts['provider']): Promise<ProbeOutcome | null> {
  const patience = AbortSignal.timeout(balancePatienceMs);
  try {
    return await provider.probe(patience);
  } catch (error) {
    if (patience.aborted) return null;
    throw error;
  }
}
