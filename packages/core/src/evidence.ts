import type { Said } from './said.ts';

export type ProviderName = 'aimlapi' | 'sandbox';

/**
 * What the provider said about one call, kept word for word so that a failure can be taken up with its support:
 * the request id, path and timestamp come from the provider's answer, never from our own clock.
 */
export interface ProviderEvidence {
  readonly name: ProviderName;
  readonly statusCode: number | null;
  readonly requestId: string | null;
  readonly path: string | null;
  readonly timestamp: string | null;
  readonly kind: string | null;
  readonly message: string | null;
  /** What the message was made from where it is a remark of ours, because the provider said nothing of use; absent with its own words. */
  readonly said?: Said | null;
  /** The `X-Client-Request-Id` we sent: `<job id>.<attempt>`. */
  readonly clientRequestId: string | null;
}
