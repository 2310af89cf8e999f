import type { SaidWire, VideoJobWire } from '@video-proxy/contracts';
import type { ProviderEvidence, Said } from '@video-proxy/core';

type EvidenceWire = NonNullable<NonNullable<VideoJobWire['error']>['provider']>;

export const presentSaid = (what: Said | null | undefined): SaidWire =>
  what == null ? null : { code: what.code, facts: { ...what.facts } };

export function presentEvidence(evidence: ProviderEvidence | null): EvidenceWire | null {
  if (evidence === null) return null;
  return {
    name: evidence.name,
    status_code: evidence.statusCode,
    request_id: evidence.requestId,
    path: evidence.path,
    timestamp: evidence.timestamp,
    kind: evidence.kind,
    message: evidence.message,
    said: presentSaid(evidence.said),
    client_request_id: evidence.clientRequestId,
  };
}
