import type { ProviderEvidence } from './evidence.ts';
import type { Remark, Said } from './said.ts';

/** Whether the provider charged for an attempt. `unknown` is an answer, never a guess in either direction. */
export type Billed = 'no' | 'yes' | 'unknown';

/** What a failure code means, decided once for every surface, the worker and the operators. */
export interface FailureMeaning {
  /** For the person who asked for the video: what happened, whether it cost money, what to do next. */
  readonly text: string;
  /** Whether sending the same request again can succeed without changing it. */
  readonly retryable: boolean;
  /** What is known about money when the provider says nothing more precise. */
  readonly billed: Billed;
  /** The account or the provider, not the job, is the problem: other jobs wait until it is solved. */
  readonly holdsQueue: boolean;
  /** The `type` of the OpenAI error envelope. */
  readonly type: 'invalid_request_error' | 'provider_error' | 'server_error';
  /** HTTP status where a request is answered with this failure: the OpenAI envelope (`/v1`) and the provider's dialect (`/v2`). */
  readonly httpStatus: { readonly openai: number; readonly aimlapi: number };
}

/**
 * The failure table. Most failures are met after the 202 and stand in the job; where one answers a request itself, a
 * provider's 401 or 403 is never ours, because that would blame the client's own key for the account of this service.
 */
export const failureTable = {
  invalid_request: {
    text: 'The request is not valid. Nothing was billed. Correct the named field and send it again.',
    retryable: false,
    billed: 'no',
    holdsQueue: false,
    type: 'invalid_request_error',
    httpStatus: { openai: 400, aimlapi: 400 },
  },
  model_not_found: {
    text: 'This video model does not exist. Nothing was billed. Choose a model from GET /v1/models.',
    retryable: false,
    billed: 'no',
    holdsQueue: false,
    type: 'invalid_request_error',
    httpStatus: { openai: 404, aimlapi: 404 },
  },
  provider_auth_failed: {
    text: "The video provider rejected this service's API key. Operators have been told; nothing was billed.",
    retryable: true,
    billed: 'no',
    holdsQueue: true,
    type: 'provider_error',
    httpStatus: { openai: 502, aimlapi: 502 },
  },
  provider_out_of_credits: {
    text: "This service's account at the video provider has too few credits for this request. Operators have been told; nothing was billed.",
    retryable: true,
    billed: 'no',
    holdsQueue: true,
    type: 'provider_error',
    httpStatus: { openai: 502, aimlapi: 502 },
  },
  provider_account_unverified: {
    text: "This service's account at the video provider has to be verified first. Operators have been told; nothing was billed.",
    retryable: true,
    billed: 'no',
    holdsQueue: true,
    type: 'provider_error',
    httpStatus: { openai: 502, aimlapi: 502 },
  },
  provider_forbidden: {
    text: 'The video provider does not allow this request for the account of this service. Nothing was billed. Try another model, or ask the operators.',
    retryable: false,
    billed: 'no',
    holdsQueue: false,
    type: 'provider_error',
    httpStatus: { openai: 502, aimlapi: 502 },
  },
  provider_rate_limited: {
    text: 'The video provider is limiting requests. Nothing was billed. Try again in a few minutes.',
    retryable: true,
    billed: 'no',
    holdsQueue: true,
    type: 'provider_error',
    httpStatus: { openai: 503, aimlapi: 503 },
  },
  provider_unavailable: {
    text: 'The video provider could not be reached. Nothing was sent and nothing was billed. Try again later.',
    retryable: true,
    billed: 'no',
    holdsQueue: true,
    type: 'provider_error',
    httpStatus: { openai: 503, aimlapi: 503 },
  },
  provider_error: {
    text: 'The video provider could not make this video. The provider does not bill failed generations. You can try again.',
    retryable: true,
    billed: 'no',
    holdsQueue: false,
    type: 'provider_error',
    httpStatus: { openai: 502, aimlapi: 502 },
  },
  content_rejected: {
    text: "The prompt or an image was rejected by the video provider's content rules. Nothing was billed. Change the request before sending it again.",
    retryable: false,
    billed: 'no',
    holdsQueue: false,
    type: 'provider_error',
    httpStatus: { openai: 400, aimlapi: 400 },
  },
  submission_unknown: {
    text: 'The answer of the video provider was lost, so it is not known whether this video was started or billed. Do not simply send it again: ask the operators to look it up first.',
    retryable: false,
    billed: 'unknown',
    holdsQueue: false,
    type: 'provider_error',
    httpStatus: { openai: 502, aimlapi: 502 },
  },
  generation_timeout: {
    text: 'The video provider has not finished this video in time. It may still be running and may be billed. It is looked for until a day after it was sent, and this job completes if it comes; its generation id is in the job, for the support of the provider.',
    retryable: false,
    billed: 'unknown',
    holdsQueue: false,
    type: 'provider_error',
    httpStatus: { openai: 504, aimlapi: 504 },
  },
  artifact_unavailable: {
    text: 'The video was made and billed, but its file could not be downloaded from the provider. Its generation id is in the job, for the support of the provider.',
    retryable: false,
    billed: 'yes',
    holdsQueue: false,
    type: 'provider_error',
    httpStatus: { openai: 502, aimlapi: 502 },
  },
  artifact_invalid: {
    text: 'The video provider delivered a file that is not a playable video, and billed it. Operators can see what came, and complain to the provider.',
    retryable: false,
    billed: 'yes',
    holdsQueue: false,
    type: 'provider_error',
    httpStatus: { openai: 502, aimlapi: 502 },
  },
  hold_expired: {
    text: 'The request waited too long while submissions were on hold, so it was given up. Nothing was sent and nothing was billed. Try again later.',
    retryable: true,
    billed: 'no',
    holdsQueue: false,
    type: 'server_error',
    httpStatus: { openai: 503, aimlapi: 503 },
  },
  cancelled: {
    text: 'The request was cancelled.',
    retryable: true,
    billed: 'no',
    holdsQueue: false,
    type: 'invalid_request_error',
    httpStatus: { openai: 410, aimlapi: 410 },
  },
  budget_exceeded: {
    text: 'The budget for video generation is used up. Nothing was sent and nothing was billed.',
    retryable: false,
    billed: 'no',
    holdsQueue: false,
    type: 'invalid_request_error',
    httpStatus: { openai: 402, aimlapi: 402 },
  },
  internal_error: {
    text: 'Something went wrong inside this service. Tell the operators the request id.',
    retryable: false,
    billed: 'unknown',
    holdsQueue: false,
    type: 'server_error',
    httpStatus: { openai: 500, aimlapi: 500 },
  },
} as const satisfies Record<string, FailureMeaning>;

export type FailureCode = keyof typeof failureTable;

export const failureCodes = Object.keys(failureTable) as readonly FailureCode[];

/** One failure of one job, with the provider's own words as evidence. */
export interface Failure {
  readonly code: FailureCode;
  readonly message: string;
  /** What the message was made from where it tells more than the table; absent where it does not. */
  readonly said?: Said;
  readonly billed: Billed;
  readonly evidence: ProviderEvidence | null;
}

/** A failure with the table's words and money, unless the caller knows better. */
export function failure(
  code: FailureCode,
  known: { told?: Remark; billed?: Billed; evidence?: ProviderEvidence | null } = {},
): Failure {
  const meaning = failureTable[code];
  return {
    code,
    message: known.told?.text ?? meaning.text,
    ...(known.told && { said: known.told.said }),
    billed: known.billed ?? meaning.billed,
    evidence: known.evidence ?? null,
  };
}
