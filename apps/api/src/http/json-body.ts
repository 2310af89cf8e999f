import type { FastifyInstance } from 'fastify';
import { problem, Refusal } from '../problem.ts';

/** Deeper than any parameter of any model, far below where recursion over a value would overflow the stack. */
const depthMax = 32;

/**
 * JSON bodies as Fastify reads them (prototype poisoning refused), with two differences: an empty body with a JSON content
 * type is no body, as many clients send it with `POST …/cancel`; and nesting has a limit. Plain text is not taken at all.
 */
export function readJsonBodies(app: FastifyInstance): void {
  const parse = app.getDefaultJsonParser('error', 'error');
  app.removeAllContentTypeParsers();
  app.addContentTypeParser<string>('application/json', { parseAs: 'string' }, (request, text, done) => {
    if (text === '') return done(null, undefined);
    const encoding = request.headers['content-encoding'] ?? 'identity';
    if (encoding !== 'identity') {
      const why = `The body is encoded with ${encoding}; send it as plain JSON.`;
      return done(new Refusal(problem('unsupported_media_type', why, 'content-encoding')));
    }
    void parse(request, text, (error, value: unknown) => {
      if (error !== null) return done(new Refusal(problem('invalid_request', 'The body is not valid JSON.')));
      if (isDeeperThan(value, depthMax)) {
        return done(new Refusal(problem('invalid_request', `The body is nested deeper than ${depthMax} levels.`)));
      }
      done(null, value);
    });
  });
}

/** Level by level and without recursion, because the value may be anything a stranger sends. */
function isDeeperThan(value: unknown, levels: number): boolean {
  let level: unknown[] = [value];
  for (let depth = 0; depth <= levels && level.length > 0; depth += 1) {
    const next: unknown[] = [];
    for (const item of level) {
      if (typeof item !== 'object' || item === null) continue;
      for (const child of Object.values(item)) if (typeof child === 'object' && child !== null) next.push(child);
    }
    level = next;
  }
  return level.length > 0;
}
