import { isUtf8 } from 'node:buffer';
import type { FastifyInstance } from 'fastify';
import { problem, Refusal } from '../problem.ts';

/** Deeper than any parameter of any model, far below where recursion over a value would overflow the stack. */
const depthMax = 32;

/**
 * JSON bodies as Fastify reads them (prototype poisoning refused), with three differences: an empty body with a JSON content
 * type is no body, as many clients send it with `POST …/cancel`; nesting has a limit; and bytes that are not UTF-8 are refused,
 * because a prompt in another encoding (a shell's code page) would be paid for and be garbage. Plain text is not taken at all.
 */
export function readJsonBodies(app: FastifyInstance): void {
  const parse = app.getDefaultJsonParser('error', 'error');
  app.removeAllContentTypeParsers();
  app.addContentTypeParser<Buffer>('application/json', { parseAs: 'buffer' }, (request, body, done) => {
    if (body.length === 0) return done(null, undefined);
    const encoding = request.headers['content-encoding'] ?? 'identity';
    if (encoding !== 'identity') {
      const why = `The body is encoded with ${encoding}; send it as plain JSON.`;
      return done(new Refusal(problem('unsupported_media_type', why, 'content-encoding')));
    }
    if (!isUtf8(body)) return done(new Refusal(problem('invalid_request', 'The body is not text in UTF-8.')));
    void parse(request, body.toString(), (error, value: unknown) => {
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
