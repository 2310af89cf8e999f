export interface ErrorFacts {
  /** The HTTP status; null when there was no answer. */
  readonly status?: number | null;
  /** What the service calls it: `invalid_request`, `not_found`, … */
  readonly code?: string | null;
  /** The field or header to correct. */
  readonly param?: string | null;
  /** Find the request in the log of the service by this. */
  readonly requestId?: string | null;
}

/** All that this client throws, except the reason of a signal that was aborted. */
export class VideoProxyError extends Error {
  override readonly name: string = 'VideoProxyError';
  readonly status: number | null;
  readonly code: string | null;
  readonly param: string | null;
  readonly requestId: string | null;
  /** Nobody answered, or the answer was "not now": the same request may succeed later. */
  readonly serviceAway: boolean = false;

  constructor(message: string, { status = null, code = null, param = null, requestId = null }: ErrorFacts = {}) {
    super(message);
    this.status = status;
    this.code = code;
    this.param = param;
    this.requestId = requestId;
  }
}

/** The service does not do what was asked for and says why. */
export class ServiceError extends VideoProxyError {
  override readonly name: string = 'ServiceError';
}

/** The key is missing or not known to the service. */
export class AuthenticationError extends ServiceError {
  override readonly name = 'AuthenticationError';
}

/** Nobody answers, or somebody says "not now". */
export class ServiceAwayError extends VideoProxyError {
  override readonly name = 'ServiceAwayError';
  override readonly serviceAway = true;
  /** Nothing listens there: the request has certainly not been taken. */
  readonly refused: boolean;
  /** This client was answered before, so the service is likely to come back. */
  readonly wasThere: boolean;
  /** When the service wants to be asked again, where it said so. */
  readonly retryAfterMs: number | null;

  constructor(
    message: string,
    facts: ErrorFacts & { readonly refused: boolean; readonly wasThere: boolean; readonly retryAfterMs: number | null },
  ) {
    super(message, facts);
    this.refused = facts.refused;
    this.wasThere = facts.wasThere;
    this.retryAfterMs = facts.retryAfterMs;
  }
}

/** Whoever answered is no video-proxy, or one of another age. */
export class StrangeAnswerError extends VideoProxyError {
  override readonly name = 'StrangeAnswerError';
}

/** The file did not arrive as the service has stored it. Nothing of it should be used. */
export class DownloadError extends VideoProxyError {
  override readonly name = 'DownloadError';
  readonly reason: 'no_video' | 'broke_off' | 'differs';

  constructor(reason: DownloadError['reason'], message: string) {
    super(message);
    this.reason = reason;
  }
}
