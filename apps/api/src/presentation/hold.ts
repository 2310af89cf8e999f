import type { VideoJobWire } from '@video-proxy/contracts';
import { type CredentialState, holdCodeFor, type Queued } from '@video-proxy/core';
import { presentEvidence } from './evidence.ts';
import { unixSeconds, type View } from './view.ts';

/** For the person who waits; operators read the finding in `/readyz`. */
const waitingBecause: Partial<Record<CredentialState, string>> = {
  missing: 'This service has no API key for the video provider yet.',
  malformed: "This service's API key for the video provider is not usable.",
  rejected: "The video provider rejects this service's API key.",
  out_of_credits: "This service's account at the video provider has too few credits.",
  unverified: "This service's account at the video provider has to be verified first.",
};

/** Why a queued job waits although nothing is wrong with it: the account first, because it holds everybody. */
export function presentHold(queued: Queued, view: View): VideoJobWire['hold'] {
  return accountHold(queued, view) ?? ownHold(queued, view);
}

function accountHold(queued: Queued, { credential, holdMaxMs }: View): VideoJobWire['hold'] {
  if (credential === null) return null;
  const code = holdCodeFor(credential.state);
  if (code === null) return null;
  const sinceMs = Math.max(credential.sinceMs, queued.queuedAtMs);
  const reason = waitingBecause[credential.state] ?? 'Submissions are on hold.';
  return {
    code,
    message: `${reason} Operators have been told; the request waits and nothing was billed.`,
    since: unixSeconds(sinceMs),
    until: unixSeconds(sinceMs + holdMaxMs),
    provider: presentEvidence(credential.evidence),
  };
}

function ownHold({ deferral }: Queued, { holdMaxMs }: View): VideoJobWire['hold'] {
  if (deferral === null) return null;
  return {
    code: deferral.code,
    message: deferral.message,
    since: unixSeconds(deferral.sinceMs),
    until: unixSeconds(deferral.sinceMs + holdMaxMs),
    provider: presentEvidence(deferral.evidence),
  };
}
