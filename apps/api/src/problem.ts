import type { ProblemCode } from '@video-proxy/contracts';

export interface Problem {
  readonly code: ProblemCode;
  /** A sentence for the person who sent the request: what is wrong and what to do. Never internals. */
  readonly message: string;
  /** The field or header to correct. */
  readonly param: string | null;
  /** When to come again, where it is known better than for every 503. */
  readonly retryAfterSeconds?: number;
}

export function problem(code: ProblemCode, message: string, param: string | null = null): Problem {
  return { code, message, param };
}

/** How a surface ends a request with a problem: thrown in a handler, turned into the dialect's error body in `errors.ts`. */
export class Refusal extends Error {
  readonly problem: Problem;

  constructor(why: Problem) {
    super(why.message);
    this.name = 'Refusal';
    this.problem = why;
  }
}
