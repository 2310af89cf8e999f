import type { VideoJobWire } from '@video-proxy/contracts';
import {
  type CredentialRecord,
  type Hold,
  type HoldCode,
  holdOn,
  pausedBecause,
  type Queued,
  type VideoJob,
} from '@video-proxy/core';
import { presentEvidence, presentSaid } from './evidence.ts';
import { unixSeconds, type View } from './view.ts';

const operatorsKnow = 'Operators have been told; the request waits and nothing was billed.';
const goesOn = 'The request waits and goes on by itself; nothing was billed.';

/** For the person who waits; operators read the finding in `/readyz`. */
const waitingBecause: Partial<Record<HoldCode, string>> = {
  provider_auth_failed: `The video provider rejects this service's API key. ${operatorsKnow}`,
  provider_out_of_credits: `This service's account at the video provider has too few credits for this request. ${operatorsKnow}`,
  provider_account_unverified: `This service's account at the video provider has to be verified first. ${operatorsKnow}`,
  provider_rate_limited: `The video provider is limiting requests. ${goesOn}`,
  provider_unavailable: `The video provider cannot be reached. ${goesOn}`,
};

/** Why a queued job waits although nothing is wrong with it: what holds others too first, then what it met itself. */
export function presentHold(job: VideoJob, queued: Queued, view: View): VideoJobWire['hold'] {
  const shared = holdOn({ model: job.model, queuedAtMs: queued.queuedAtMs }, view.credential, view.holds);
  if (shared !== null) return presented(shared, sharedText(shared, view.credential), queued, view);
  return queued.deferral === null ? null : presented(queued.deferral, queued.deferral.message, queued, view);
}

function sharedText({ code, message }: Hold, credential: CredentialRecord | null): string {
  if (credential?.state === 'missing') {
    return `This service has no API key for the video provider yet. ${operatorsKnow}`;
  }
  if (credential?.state === 'malformed') {
    return `This service's API key for the video provider is not usable. ${operatorsKnow}`;
  }
  if (code === 'paused') return `${pausedBecause}${message}`;
  return waitingBecause[code] ?? message;
}

function presented(hold: Hold, message: string, { queuedAtMs }: Queued, { holdMaxMs }: View): VideoJobWire['hold'] {
  const sinceMs = Math.max(hold.sinceMs, queuedAtMs);
  return {
    code: hold.code,
    message,
    said: presentSaid(hold.said),
    since: unixSeconds(sinceMs),
    until: unixSeconds(sinceMs + holdMaxMs),
    provider: presentEvidence(hold.evidence),
  };
}
