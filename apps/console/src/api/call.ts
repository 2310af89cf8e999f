import type { OpenaiError } from '@video-proxy/contracts';
import { operatorKey, operatorName } from './session-key.ts';

/** An answer that is not the one that was asked for. `status` 0: there was no answer at all. */
export class ApiProblem extends Error {
  readonly status: number;
  readonly code: string | null;
  readonly requestId: string | null;

  constructor(message: string, status: number, code: string | null, requestId: string | null) {
    super(message);
    this.name = 'ApiProblem';
    this.status = status;
    this.code = code;
    this.requestId = requestId;
  }
}

export interface Call {
  readonly method?: 'GET' | 'POST' | 'DELETE';
  readonly body?: unknown;
  readonly signal?: AbortSignal;
}

/** Asks the operators' API. The answer is of this installation's own version, so its shape is trusted. */
export async function call<T>(path: string, { method = 'GET', body, signal }: Call = {}): Promise<T> {
  const response = await fetch(`/ops/api${path}`, {
    method,
    headers: headersOf(body),
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    ...(signal === undefined ? {} : { signal }),
    cache: 'no-store',
  }).catch((error: unknown) => {
    if (signal?.aborted === true) throw error;
    throw new ApiProblem('', 0, 'unreachable', null);
  });
  const answer: unknown = await response.json().catch(() => null);
  if (!response.ok) throw problemOf(answer, response);
  return answer as T;
}

function headersOf(body: unknown): Record<string, string> {
  const key = operatorKey();
  const name = operatorName();
  return {
    ...(key === null ? {} : { authorization: `Bearer ${key}` }),
    // Headers carry Latin letters only; names need not.
    ...(name === '' ? {} : { 'x-operator-name': encodeURIComponent(name) }),
    ...(body === undefined ? {} : { 'content-type': 'application/json' }),
  };
}

function problemOf(answer: unknown, response: Response): ApiProblem {
  const { error } = (answer ?? {}) as Partial<OpenaiError>;
  const message = error?.message ?? response.statusText;
  return new ApiProblem(message, response.status, error?.code ?? null, response.headers.get('x-request-id'));
}
