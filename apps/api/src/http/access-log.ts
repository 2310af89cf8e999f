import type { FastifyInstance, FastifyRequest } from 'fastify';
import { pathOf } from '../errors.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Asked for every few seconds by machines: logged at debug level. */
    quiet?: boolean;
  }
  interface FastifyRequest {
    /** The job a request turned out to be about, for the log. */
    jobId: string | null;
  }
}

/**
 * One line a request, when it is over. It names the route and not the address, because addresses hold watch tokens; keys,
 * prompts and query strings never get here.
 */
export function logRequests(app: FastifyInstance): void {
  app.decorateRequest('jobId', null);
  app.decorateRequest('owner', null);
  app.addHook('onResponse', (request, reply, done) => {
    const { url: route, config } = request.routeOptions;
    const line = {
      requestId: request.id,
      method: request.method,
      route: route ?? maskedPath(request.url),
      status: reply.statusCode,
      durationMs: Math.round(reply.elapsedTime),
      owner: request.owner ?? request.client,
      jobId: request.jobId ?? jobIdIn(request),
    };
    if (reply.statusCode >= 500) app.log.error(line, 'request');
    else if (config.quiet === true) app.log.debug(line, 'request');
    else app.log.info(line, 'request');
    done();
  });
}

/** A path without a route, with everything that could be a token or a key cut short. */
function maskedPath(url: string): string {
  return pathOf(url)
    .split('/')
    .slice(0, 8)
    .map((part) => (part.length > 20 ? `${part.slice(0, 4)}…` : part))
    .join('/');
}

function jobIdIn({ params }: FastifyRequest): string | null {
  return typeof params === 'object' && params !== null && 'id' in params ? String(params.id).slice(0, 40) : null;
}
