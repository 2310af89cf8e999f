import type { VideoJobWire } from '@video-proxy/contracts';
import type { ProviderEvidence } from '@video-proxy/core';

type EvidenceWire = NonNullable<NonNullable<VideoJobWire['error']>['provider']>;

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
    client_request_id: evidence.clientRequestId,
  };
}
