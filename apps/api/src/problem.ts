/**
 * Why a request is not served, in words every surface shares. Which HTTP status a code has is decided in `errors.ts` and
 * nowhere else.
 */
export type ProblemCode =
  | 'invalid_request'
  | 'model_not_found'
  | 'missing_api_key'
  | 'invalid_api_key'
  | 'read_only_key'
  | 'too_many_wrong_keys'
  | 'not_found'
  | 'method_not_allowed'
  | 'video_not_ready'
  | 'idempotency_conflict'
  | 'already_ended'
  | 'not_retryable'
  | 'nothing_to_recheck'
  | 'cost_confirmation_required'
  | 'still_running'
  | 'request_too_large'
  | 'unsupported_media_type'
  | 'range_not_satisfiable'
  | 'not_supported'
  | 'service_unavailable'
  | 'no_worker'
  | 'worker_silent'
  | 'queue_full'
  | 'create_interrupted'
  | 'internal_error';

export interface Problem {
  readonly code: ProblemCode;
  /** A sentence for the person who sent the request: what is wrong and what to do. Never internals. */
  readonly message: string;
  /** The field or header to correct. */
  readonly param: string | null;
  /** When to come again, where it is known better than for every 503. */
  readonly retryAfterSeconds?: number;
}

export function problem(code: ProblemCode, message: string, param: string | null = null): Problem {
  return { code, message, param };
}

/** How a surface ends a request with a problem: thrown in a handler, turned into the dialect's error body in `errors.ts`. */
export class Refusal extends Error {
  readonly problem: Problem;

  constructor(why: Problem) {
    super(why.message);
    this.name = 'Refusal';
    this.problem = why;
  }
}
