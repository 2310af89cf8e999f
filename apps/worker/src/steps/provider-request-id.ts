import type { FindOutcome, PollOutcome } from '@video-proxy/core';

/** How the provider names the answer that led to an event, as something to spread into it. It does not name every answer. */
export function providerRequestIdIn(outcome: PollOutcome | FindOutcome): { readonly providerRequestId?: string } {
  const requestId = requestIdOf(outcome);
  return requestId === null ? {} : { providerRequestId: requestId };
}

function requestIdOf(outcome: PollOutcome | FindOutcome): string | null {
  if ('evidence' in outcome) return outcome.evidence.requestId;
  if ('failure' in outcome) return outcome.failure.evidence?.requestId ?? null;
  return outcome.providerRequestId ?? null;
}
