import type { FastifyInstance } from 'fastify';
import { pathOf, sendProblem } from '../errors.ts';
import { problem } from '../problem.ts';

/** Of a path where there is nothing. */
export const nothingHere = problem('not_found', 'There is nothing at this path. GET /docs describes the API.');

/** 404 for a path that does not exist, 405 with the methods that would work for one that does. Add it before the routes. */
export function answerUnknownPaths(app: FastifyInstance, now: () => number): void {
  const known: { readonly pattern: RegExp; readonly methods: readonly string[] }[] = [];
  app.addHook('onRoute', ({ url, method }) => {
    known.push({ pattern: patternOf(url), methods: [method].flat() });
  });
  app.setNotFoundHandler((request, reply) => {
    const path = pathOf(request.url);
    const allowed = new Set(known.filter(({ pattern }) => pattern.test(path)).flatMap(({ methods }) => methods));
    if (allowed.size === 0) return sendProblem(nothingHere, request, reply, now());
    const methods = [...allowed].sort().join(', ');
    reply.header('allow', methods);
    const text = `${request.method} is not possible here. Use ${methods}.`;
    return sendProblem(problem('method_not_allowed', text), request, reply, now());
  });
}

/** `/v1/jobs/:id` and `/docs/*` as regular expressions. */
function patternOf(url: string): RegExp {
  const source = url
    .replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&')
    .replaceAll(/:[A-Za-z]+/g, '[^/]+')
    .replaceAll('*', '.+');
  return new RegExp(`^${source}$`);
}
