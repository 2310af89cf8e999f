import type { EnvelopeStyle, Refusal } from './envelopes.ts';

/** How sure we are that the real provider does this. */
export type Source = 'recorded' | 'documented' | 'observed' | 'inferred';

interface Described {
  readonly does: string;
  readonly source: Source;
}

export type Trouble = Described &
  (
    | { readonly kind: 'refusal'; readonly envelope: EnvelopeStyle; readonly refusal: Refusal }
    /** The refusal exactly as it was recorded, with its own request id and timestamp. */
    | { readonly kind: 'incident'; readonly refusal: Refusal }
    | { readonly kind: 'page'; readonly status: number; readonly contentType: string; readonly body: string }
    | { readonly kind: 'reset' }
    | { readonly kind: 'hang' }
    | { readonly kind: 'cut' }
  );

export const rejectedKey: Refusal = {
  status: 401,
  name: 'UnauthorizedException',
  title: 'Unauthorized',
  message:
    'This request requires a valid API key. You can create a new API key on the Billing page: https://aimlapi.com/app/keys',
};

export const outOfCredits = forbidden(
  "You've run out of credits. Please top up your balance or update your payment method to continue: https://aimlapi.com/app/billing/",
  'err_insufficent_credits',
);

export const unverified = forbidden(
  'Complete verification to using the API https://aimlapi.com/app/verification',
  'err_unverified_card',
);

export const inferenceNotFound: Refusal = {
  status: 404,
  name: 'NotFoundException',
  title: 'Not Found',
  message: 'Inference not found',
};

export const tooManyRequests: Refusal = {
  status: 429,
  name: 'TooManyRequestsException',
  title: 'Too Many Requests',
  message: 'Too Many Requests',
};

const missingField = [
  { code: 'invalid_type', expected: 'string', received: 'undefined', path: ['prompt'], message: 'Required' },
];

/** What can go wrong with one call of the API, by the word that asks for it. */
export const troubles = {
  'rejected-key': {
    ...refusal(rejectedKey, 'gateway'),
    does: '401, the key is not accepted; fresh request id',
    source: 'recorded',
  },
  incident: {
    kind: 'incident',
    refusal: rejectedKey,
    does: '401 of 2025-12-05, word for word: request id `hRNOI9BMsuLeZ76UNdGhS` and its timestamp',
    source: 'recorded',
  },
  'out-of-credits': {
    ...refusal(outOfCredits, 'problem'),
    does: '403, kind `err_insufficent_credits`',
    source: 'recorded',
  },
  'out-of-funds': {
    ...refusal(
      {
        ...forbidden(
          "You've run out of funds. Please top up your balance or update your payment method to continue: https://aimlapi.com/app/billing/",
          'err_insufficent_credits',
        ),
        name: 'OutOfFundsException',
      },
      'problem',
    ),
    does: '403, the newer text, name `OutOfFundsException`',
    source: 'observed',
  },
  'exhausted-plan': {
    ...refusal(forbidden('You have exhausted the available [plan.rule:api_credit] resource limit'), 'gateway'),
    does: '403, the older text without a kind',
    source: 'documented',
  },
  unverified: {
    ...refusal(unverified, 'bare'),
    does: '403, kind `err_unverified_card`',
    source: 'observed',
  },
  forbidden: {
    ...refusal(forbidden('Forbidden resource'), 'gateway'),
    does: '403 about neither money nor verification, such as a missing scope',
    source: 'inferred',
  },
  'payment-required': {
    ...refusal(
      { status: 402, name: 'PaymentRequiredException', title: 'Payment Required', message: 'Payment Required' },
      'gateway',
    ),
    does: '402',
    source: 'inferred',
  },
  'invalid-payload': {
    ...refusal(badRequest('Invalid payload provided', missingField), 'bare'),
    does: '400 with a list of issues',
    source: 'observed',
  },
  'validation-error': {
    ...refusal(badRequest('Body validation error', missingField), 'gateway'),
    does: '400, the older text',
    source: 'documented',
  },
  'validation-list': {
    ...refusal(badRequest(['prompt must be a string', 'duration must be one of 4, 6, 8'], undefined), 'gateway'),
    does: '400 whose message is a list of texts',
    source: 'inferred',
  },
  'refused-content': {
    ...refusal(
      badRequest('The request was rejected by the content moderation system', {
        kind: 'content_policy_violation',
      }),
      'problem',
    ),
    does: '400, the prompt breaks the content rules',
    source: 'inferred',
  },
  'model-not-found': {
    ...refusal({ ...inferenceNotFound, message: 'Model not found' }, 'gateway'),
    does: '404 about the model',
    source: 'inferred',
  },
  'not-found': {
    ...refusal(inferenceNotFound, 'gateway'),
    does: '404 "Inference not found"',
    source: 'observed',
  },
  'too-large': {
    ...refusal(
      {
        status: 413,
        name: 'PayloadTooLargeException',
        title: 'Payload Too Large',
        message: 'request entity too large',
      },
      'gateway',
    ),
    does: '413',
    source: 'inferred',
  },
  'rate-limited': {
    ...refusal(tooManyRequests, 'gateway'),
    does: '429; add `retry-after=S` for the header',
    source: 'documented',
  },
  'free-tier-limit': {
    ...refusal(
      {
        ...tooManyRequests,
        message:
          'Free-tier limit: You have reached the limit of requests. Get AI/ML Subscription to use API https://aimlapi.com/app/billing/',
      },
      'gateway',
    ),
    does: '429, the older free-tier text',
    source: 'documented',
  },
  'server-error': {
    ...refusal(serverError('Internal server error'), 'gateway'),
    does: '500',
    source: 'documented',
  },
  'server-sorry': {
    ...refusal(serverError('Something wrong with the server. Please, try again later.'), 'gateway'),
    does: '500, the longer text',
    source: 'documented',
  },
  maintenance: {
    ...refusal(
      serverError('The model is under maintenance, please contact us at https://aimlapi.com/contact'),
      'problem',
    ),
    does: '500, the model is under maintenance',
    source: 'documented',
  },
  'bad-gateway': {
    ...refusal({ status: 502, name: 'BadGatewayException', title: 'Bad gateway', message: 'Bad gateway' }, 'html'),
    does: '502, an HTML page',
    source: 'documented',
  },
  unavailable: {
    ...refusal(
      {
        status: 503,
        name: 'ServiceUnavailableException',
        title: 'Service Unavailable',
        message: 'Service Unavailable',
      },
      'gateway',
    ),
    does: '503; add `retry-after=S` for the header',
    source: 'documented',
  },
  'gateway-timeout': {
    ...refusal(
      { status: 504, name: 'GatewayTimeoutException', title: 'Gateway Timeout', message: 'Generation timeout' },
      'gateway',
    ),
    does: '504 "Generation timeout"',
    source: 'documented',
  },
  'origin-timeout': {
    ...refusal(
      { status: 524, name: 'OriginTimeout', title: 'A timeout occurred', message: 'A timeout occurred' },
      'html',
    ),
    does: "524, Cloudflare's HTML page",
    source: 'observed',
  },
  html: {
    kind: 'page',
    status: 200,
    contentType: 'text/html',
    body: '<!DOCTYPE html><html><head><title>Just a moment...</title></head><body>Checking your browser</body></html>',
    does: '200 with an HTML page in place of JSON',
    source: 'inferred',
  },
  empty: {
    kind: 'page',
    status: 200,
    contentType: 'application/json',
    body: '',
    does: '200 with an empty body',
    source: 'observed',
  },
  'broken-json': {
    kind: 'page',
    status: 200,
    contentType: 'application/json',
    body: '{"id":"QC4qjlUKt8ZedNi7',
    does: '200 with half a JSON document',
    source: 'inferred',
  },
  'strange-json': {
    kind: 'page',
    status: 200,
    contentType: 'application/json',
    body: '["ok",null,42]',
    does: '200 with JSON of another shape',
    source: 'inferred',
  },
  reset: { kind: 'reset', does: 'the connection is reset before the answer', source: 'inferred' },
  cut: { kind: 'cut', does: 'the connection ends in the middle of the answer', source: 'inferred' },
  hang: { kind: 'hang', does: 'no answer at all; the connection stays open', source: 'inferred' },
} as const satisfies Record<string, Trouble>;

export type TroubleWord = keyof typeof troubles;

export const troubleWords = Object.keys(troubles) as readonly TroubleWord[];

function refusal(
  what: Refusal,
  envelope: EnvelopeStyle,
): { kind: 'refusal'; refusal: Refusal; envelope: EnvelopeStyle } {
  return { kind: 'refusal', refusal: what, envelope };
}

function forbidden(message: string, kind?: string): Refusal {
  const base = { status: 403, name: 'ForbiddenException', title: 'Forbidden', message };
  return kind === undefined ? base : { ...base, data: { kind } };
}

function badRequest(message: string | readonly string[], data: unknown): Refusal {
  return { status: 400, name: 'BadRequestException', title: 'Bad Request', message, data };
}

function serverError(message: string): Refusal {
  return { status: 500, name: 'InternalServerErrorException', title: 'Internal Server Error', message };
}
