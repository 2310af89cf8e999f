import { type FailureCode, remark } from '@video-proxy/core';
import type { ReadAnswer } from './evidence.ts';

/** What an answer's status means. The only place that looks at status codes to decide anything. */
export type Verdict =
  | 'done'
  /** 304, the answer to a conditional read. */
  | 'unchanged'
  /** The address is wrong: a permanent redirect, or a web page where the API should be. The API never saw the request. */
  | 'misdirected'
  | 'unauthorized'
  /** 402 or 403: the key is known, the account may not. */
  | 'forbidden'
  | 'not_found'
  | 'too_large'
  | 'limited'
  /** Any other "no" to the request itself. */
  | 'rejected'
  /** Says nothing about whether the request was carried out. */
  | 'trouble';

/** What to tell an operator about `misdirected`. */
export const wrongAddress = remark('the API is not at this address, check AIMLAPI_BASE_URL', 'answer_wrong_address');

/** Permanent, and asking to repeat the request elsewhere; 302 and 303 may follow a request that was carried out. */
const moved = new Set([301, 307, 308]);
/** 4xx by number, but sent while or after the request may have been worked on (499: a proxy's word for a cut connection). */
const ambiguous = new Set([408, 425, 499]);

export function verdictOf({ statusCode, isPage }: ReadAnswer): Verdict {
  if (statusCode >= 200 && statusCode < 300) return 'done';
  if (statusCode === 304) return 'unchanged';
  if (moved.has(statusCode)) return 'misdirected';
  if (isPage && (statusCode === 404 || statusCode === 405)) return 'misdirected';
  if (statusCode < 400 || statusCode >= 500 || ambiguous.has(statusCode)) return 'trouble';
  if (statusCode === 401) return 'unauthorized';
  if (statusCode === 402 || statusCode === 403) return 'forbidden';
  if (statusCode === 404) return 'not_found';
  if (statusCode === 413) return 'too_large';
  if (statusCode === 429) return 'limited';
  return 'rejected';
}

const creditCodes = new Set(['err_insufficent_credits', 'err_insufficient_credits', 'outoffundsexception']);
const unverifiedCodes = new Set(['err_unverified_card']);

/**
 * Recorded sentences of a 403 that come without a code in some envelopes. Anchored and looked at only in a refusal: a text
 * is otherwise never read for meaning.
 */
const creditSentences = [
  /^You've run out of (credits|funds)\b/,
  /^You have exhausted the available \[plan\.rule:\w*credit\w*\]/,
];
const unverifiedSentences = [/^Complete verification to using the API\b/];

/** What a refusal says about the account of this service, or null when it is about something else. */
export function accountFailureOf(answer: ReadAnswer): FailureCode | null {
  const verdict = verdictOf(answer);
  if (verdict === 'unauthorized') return 'provider_auth_failed';
  if (verdict !== 'forbidden' && verdict !== 'rejected') return null;
  const { codes, message } = answer.envelope;
  const says = (known: ReadonlySet<string>, sentences: readonly RegExp[]) =>
    codes.some((code) => known.has(code.toLowerCase())) ||
    (verdict === 'forbidden' && sentences.some((sentence) => sentence.test(message ?? '')));
  if (says(unverifiedCodes, unverifiedSentences)) return 'provider_account_unverified';
  if (says(creditCodes, creditSentences)) return 'provider_out_of_credits';
  // 402 is undocumented; its meaning in HTTP is the same.
  return answer.statusCode === 402 ? 'provider_out_of_credits' : null;
}

const contentRules = [
  /content[._-]?(policy|filter|moderat|violation|reject|safety)/i,
  /moderation|nsfw|sensitive[._-]?content|data[._-]?inspection/i,
  /(^|[._-])safety([._-]|$)/i,
];

/**
 * Whether a code names a content rule. Codes of the upstream models differ and pass through: `content_policy_violation`
 * (fal.ai), `SAFETY.INPUT.TEXT` (Runway), `InputTextSensitiveContentDetected` (ByteDance), `DataInspectionFailed` (Alibaba).
 * Only codes are looked at: in a sentence the same words may quote the prompt.
 */
export function isContentRejection(codes: readonly string[]): boolean {
  return codes.some((code) => contentRules.some((rule) => rule.test(code)));
}

const retryAfterMaxMs = 3_600_000;

/** How long the provider asks to wait, in ms: `Retry-After` in seconds or as a date, at most an hour; null without one. */
export function retryAfterMsOf(answer: ReadAnswer, nowMs = Date.now()): number | null {
  const value = answer.header('retry-after')?.trim();
  if (value === undefined || value === '') return null;
  const isSeconds = /^\d+(\.\d+)?$/.test(value);
  // A date starts with a weekday; without this, JavaScript reads a date into almost anything.
  const isDate = /^[A-Z][a-z]{2,8},? /.test(value);
  const waitMs = isSeconds ? Number(value) * 1000 : isDate ? Date.parse(value) - nowMs : Number.NaN;
  return Number.isFinite(waitMs) ? Math.round(Math.min(Math.max(waitMs, 0), retryAfterMaxMs)) : null;
}
