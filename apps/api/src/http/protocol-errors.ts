import type { FastifyServerOptions } from 'fastify';
import { sendProblem } from '../errors.ts';
import { problem } from '../problem.ts';
import { setProtection } from './common-headers.ts';
import { newRequestId } from './request-id.ts';

const meanings: Readonly<Record<string, readonly [status: number, reason: string]>> = {
  HPE_HEADER_OVERFLOW: [431, 'Request Header Fields Too Large'],
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'Request Timeout'],
};

/** What Node refuses before there is a request: unreadable HTTP, too large headers, too slow a body. Same envelope, by hand. */
export const answerProtocolError: NonNullable<FastifyServerOptions['clientErrorHandler']> = (error, socket) => {
  if (!socket.writable) return;
  const [status, reason] = meanings[error.code] ?? [400, 'Bad Request'];
  const requestId = newRequestId();
  const body = JSON.stringify({
    error: {
      message: `The request could not be read: ${reason}.`,
      type: 'invalid_request_error',
      code: 'invalid_request',
      param: null,
    },
    request_id: requestId,
  });
  socket.end(
    [
      `HTTP/1.1 ${status} ${reason}`,
      'content-type: application/json',
      `content-length: ${Buffer.byteLength(body)}`,
      `x-request-id: ${requestId}`,
      'connection: close',
      '',
      body,
    ].join('\r\n'),
  );
};

/** What Fastify refuses before there is a route: a path that cannot be decoded, or a part of it that is too long for any id. */
export const answerPathError: NonNullable<FastifyServerOptions['frameworkErrors']> = (_error, request, reply) => {
  setProtection(request, reply);
  const text = 'The path of this request cannot be read: it is too long, or its percent-encoding is broken.';
  sendProblem(problem('invalid_request', text), request, reply, Date.now());
};
