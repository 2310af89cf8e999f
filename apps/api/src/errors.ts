import type { AimlapiError, OpenaiError, ProblemCode } from '@video-proxy/contracts';
import { failureTable, StorageUnavailableError } from '@video-proxy/core';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { type Problem, problem, Refusal } from './problem.ts';
import { renderNotice } from './surfaces/watch/page.ts';

interface HttpMeaning {
  readonly status: number;
  /** The `type` of the OpenAI envelope. */
  readonly type: string;
}

const callerError = (status: number): HttpMeaning => ({ status, type: 'invalid_request_error' });
const ourError = (status: number): HttpMeaning => ({ status, type: 'server_error' });

/** The only place where a problem gets an HTTP status. It is the same in every dialect; only the envelope differs. */
const meanings: Record<ProblemCode, HttpMeaning> = {
  invalid_request: callerError(failureTable.invalid_request.httpStatus.openai),
  model_not_found: callerError(failureTable.model_not_found.httpStatus.openai),
  missing_api_key: callerError(401),
  invalid_api_key: callerError(401),
  read_only_key: callerError(403),
  too_many_wrong_keys: callerError(429),
  not_found: callerError(404),
  method_not_allowed: callerError(405),
  // Not 409: SDKs take that for a conflict and repeat the request by themselves (measured on the OpenAI SDK).
  video_not_ready: callerError(404),
  idempotency_conflict: callerError(409),
  already_ended: callerError(409),
  not_retryable: callerError(409),
  nothing_to_recheck: callerError(409),
  cost_confirmation_required: callerError(409),
  still_running: callerError(409),
  request_too_large: callerError(413),
  unsupported_media_type: callerError(415),
  range_not_satisfiable: callerError(416),
  not_supported: callerError(400),
  service_unavailable: ourError(503),
  no_worker: ourError(503),
  worker_silent: ourError(503),
  queue_full: ourError(503),
  create_interrupted: ourError(503),
  internal_error: ourError(failureTable.internal_error.httpStatus.openai),
};

/** Codes where a repeat by the client's SDK can only fail again, or could buy a second video. */
const neverRepeated = new Set<ProblemCode>([
  'idempotency_conflict',
  'already_ended',
  'not_retryable',
  'nothing_to_recheck',
  'cost_confirmation_required',
  'still_running',
  'create_interrupted',
]);

/** Long enough for a Redis to restart, short enough for a person to wait. */
export const retryAfterSeconds = 2;

type Dialect = 'openai' | 'aimlapi' | 'page';

/** By the route; without one by what the path looks like, so that a wrong path is answered in the right envelope too. */
function dialectOf(request: FastifyRequest): Dialect {
  const path = request.routeOptions.url ?? request.url;
  if (path.startsWith('/v2/') || path.startsWith('/video/')) return 'aimlapi';
  return path.startsWith('/v/') ? 'page' : 'openai';
}

export interface ErrorParts {
  /** Tells "Redis is away" from a programming error. */
  readonly isUnavailable: (error: unknown) => boolean;
  readonly now: () => number;
}

export function answerErrors(app: FastifyInstance, parts: ErrorParts): void {
  app.setErrorHandler((error, request, reply) => {
    const why = explained(app, error, request.id, parts.isUnavailable);
    return sendProblem(why, request, reply, parts.now());
  });
}

/** What a caller may be told about an error; what operators have to know goes to the log. */
export function explained(
  { log }: Pick<FastifyInstance, 'log'>,
  error: unknown,
  requestId: string,
  isUnavailable: ErrorParts['isUnavailable'],
): Problem {
  const why = problemOf(error, isUnavailable);
  if (why.code === 'internal_error') log.error({ err: error, requestId }, 'unexpected error');
  // A refusal is told when it begins, not with every request it meets.
  if (why.code === 'service_unavailable' && !(error instanceof Refusal)) {
    const who = error instanceof StorageUnavailableError ? 'storage' : 'ledger';
    log.warn({ err: error, requestId }, `the ${who} is away`);
  }
  return why;
}

export function sendProblem(why: Problem, request: FastifyRequest, reply: FastifyReply, nowMs: number): FastifyReply {
  const { status, type } = meanings[why.code];
  reply.code(status).header('cache-control', 'no-store');
  if (status === 401) reply.header('www-authenticate', challengeFor(why.code));
  // Fastify hangs up on a body that it does not read: callers that are still sending see that in place of the answer, and SDKs
  // send everything again (measured on the OpenAI SDK). Left open, the rest is read and thrown away, within the request's time.
  if (status === 413) reply.removeHeader('connection');
  if (status === 503 || status === 429) reply.header('retry-after', String(why.retryAfterSeconds ?? retryAfterSeconds));
  if (neverRepeated.has(why.code) || mayHaveCreated(why, request)) reply.header('x-should-retry', 'false');
  switch (dialectOf(request)) {
    case 'openai':
      return reply.type('application/json').send(openaiBody(why, type, request.id));
    case 'aimlapi':
      return reply.type('application/json').send(aimlapiBody(why, status, request, nowMs));
    case 'page':
      return reply
        .type('text/html; charset=utf-8')
        .header('vary', 'accept-language')
        .send(renderNotice(request.headers, why));
  }
}

/** After an error that nobody foresaw the job may stand in the ledger: the SDK's own repeat would ask for a second video. */
function mayHaveCreated({ code }: Problem, request: FastifyRequest): boolean {
  return code === 'internal_error' && request.routeOptions.config?.creates === true;
}

function challengeFor(code: ProblemCode): string {
  return code === 'invalid_api_key'
    ? 'Bearer realm="video-proxy", error="invalid_token"'
    : 'Bearer realm="video-proxy"';
}

function openaiBody({ message, code, param }: Problem, type: string, requestId: string): OpenaiError {
  return { error: { message, type, code, param }, request_id: requestId };
}

function aimlapiBody(why: Problem, status: number, request: FastifyRequest, nowMs: number): AimlapiError {
  return {
    requestId: request.id,
    statusCode: status,
    timestamp: new Date(nowMs).toISOString(),
    path: pathOf(request.url),
    message: why.message,
  };
}

export const pathOf = (url: string): string => url.split('?', 1)[0] ?? url;

function problemOf(error: unknown, isUnavailable: (error: unknown) => boolean): Problem {
  if (error instanceof Refusal) return error.problem;
  if (error instanceof StorageUnavailableError) {
    return problem('service_unavailable', `The file storage cannot be used: ${error.finding}. Try again later.`);
  }
  if (isUnavailable(error)) {
    return problem(
      'service_unavailable',
      'This service cannot reach its job store right now. Try again in a few seconds.',
    );
  }
  return frameworkProblem(error) ?? problem('internal_error', failureTable.internal_error.text);
}

/** What Fastify itself refuses, by its status: its messages are about HTTP and safe to pass on. */
function frameworkProblem(error: unknown): Problem | null {
  if (!(error instanceof Error) || !('statusCode' in error)) return null;
  switch (error.statusCode) {
    case 400:
      return problem('invalid_request', `The request could not be read: ${error.message}.`);
    case 413:
      return problem('request_too_large', 'The request body is too large. Pass images and videos by URL.');
    case 415:
      return problem(
        'unsupported_media_type',
        'Send the body as JSON with content-type: application/json.',
        'content-type',
      );
    default:
      return null;
  }
}
