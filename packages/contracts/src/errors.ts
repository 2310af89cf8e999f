import { z } from 'zod';

/**
 * Why a request is not served, in words every surface shares. The `code` of the error envelope; that of a job that
 * failed is in core's failure table.
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

/** The error body of every `/v1` route: the OpenAI envelope and our request id. */
export const openaiError = z
  .object({
    error: z.object({
      message: z.string(),
      type: z.string(),
      code: z.string().nullable(),
      param: z.string().nullable(),
    }),
    request_id: z.string(),
  })
  .meta({ id: 'Error' });

export type OpenaiError = z.output<typeof openaiError>;

/** The error body of the provider's dialect (`/v2`, `/video/generate`): the five fields its documentation lists. */
export const aimlapiError = z
  .object({
    requestId: z.string(),
    statusCode: z.int(),
    timestamp: z.iso.datetime(),
    path: z.string(),
    message: z.string(),
  })
  .meta({ id: 'AimlapiError' });

export type AimlapiError = z.output<typeof aimlapiError>;
