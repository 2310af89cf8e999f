import { openaiError } from '@video-proxy/contracts';
import {
  AuthenticationError,
  ServiceAwayError,
  ServiceError,
  StrangeAnswerError,
  type VideoProxyError,
} from './errors.ts';
import { userHeader } from './user-header.ts';

export interface ConnectionOptions {
  /** Where the service is: `https://videos.example.com`. Empty: where the page is from, in a browser. */
  readonly baseUrl: string;
  /** A client key. Without any, a service on the same machine may answer all the same. */
  readonly apiKey?: string | null;
  /** The end user of the caller's: jobs belong to them, and only theirs are seen. */
  readonly user?: string | null;
  /** Sent with every request. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly fetch?: typeof fetch;
}

export interface Asked {
  readonly signal?: AbortSignal | undefined;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** HTTP with the service: successes are values, everything else is one of our errors. */
export interface Connection {
  /** An answer whose body the caller reads, however long that takes; only its beginning has to come in time. */
  open(method: string, path: string, asked: Asked): Promise<Response>;
  /** An answer of JSON in this shape, whole in time. */
  ask<T>(schema: Schema<T>, method: string, path: string, asked: Asked & { readonly timeoutMs?: number }): Promise<T>;
}

export interface Schema<T> {
  safeParse(value: unknown): { readonly success: true; readonly data: T } | { readonly success: false };
}

export const answerTimeoutMs = 15_000;

/** What HTTP lets stand in a header. Copied keys bring invisible signs along, and full-width ones. */
const sendable = /^[\x20-\x7e\xa0-\xff]*$/;
const noKey = 'This is no key: it has a character that no key has. Copy it again.';
/** As the service answers a key that it does not know; nothing was sent. */
const unsent = { status: 401, code: 'invalid_api_key', param: 'authorization' };

export function connect(options: ConnectionOptions): Connection {
  const { apiKey = null, user = null, fetch: send = fetch } = options;
  const baseUrl = options.baseUrl.replace(/\/+$/, '');
  const identity = {
    ...options.headers,
    ...(apiKey === null ? {} : { authorization: `Bearer ${apiKey}` }),
    ...(user === null ? {} : userHeader(user)),
  };
  let wasThere = false;

  const reached = async <T>(signal: AbortSignal | undefined, exchange: () => Promise<T>): Promise<T> => {
    try {
      return await exchange();
    } catch (error) {
      signal?.throwIfAborted();
      const reason = reasonOf(error);
      const facts = { refused: reason === 'ECONNREFUSED', wasThere, retryAfterMs: null };
      throw new ServiceAwayError(`No service answers at ${baseUrl} (${reason})`, facts);
    }
  };

  const request = async (method: string, path: string, asked: Asked, late: AbortSignal): Promise<Response> => {
    const { signal, headers, body } = asked;
    if (apiKey !== null && !sendable.test(apiKey)) throw new AuthenticationError(noKey, unsent);
    const answer = await reached(signal, () =>
      send(`${baseUrl}${path}`, {
        method,
        signal: signal === undefined ? late : AbortSignal.any([signal, late]),
        headers: { ...identity, ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      }),
    );
    if (answer.ok) return answer;
    const error = refusalOf(answer, await reached(signal, () => answer.text()), { baseUrl, wasThere });
    wasThere ||= error instanceof ServiceError;
    throw error;
  };

  return {
    async open(method, path, asked) {
      const late = new AbortController();
      const timer = setTimeout(() => late.abort(new DOMException('late', 'TimeoutError')), answerTimeoutMs);
      try {
        const answer = await request(method, path, asked, late.signal);
        wasThere = true;
        return answer;
      } finally {
        clearTimeout(timer);
      }
    },
    async ask(schema, method, path, { timeoutMs = answerTimeoutMs, ...asked }) {
      const answer = await request(method, path, asked, AbortSignal.timeout(timeoutMs));
      const parsed = schema.safeParse(jsonOf(await reached(asked.signal, () => answer.text())));
      if (!parsed.success) throw strange(answer, baseUrl);
      wasThere = true;
      return parsed.data;
    },
  };
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === 'TimeoutError') return 'no answer in time';
  const { cause } = error;
  if (cause instanceof Error) return 'code' in cause && typeof cause.code === 'string' ? cause.code : cause.message;
  return error.message;
}

/** Answers of a proxy in front while the service behind it is being restarted; 503 is the service's own, too. */
const awayStatuses = [502, 503, 504];

function refusalOf(
  answer: Response,
  text: string,
  { baseUrl, wasThere }: { readonly baseUrl: string; readonly wasThere: boolean },
): VideoProxyError {
  const { status } = answer;
  const body = openaiError.safeParse(jsonOf(text));
  const requestId = body.success ? body.data.request_id : answer.headers.get('x-request-id');
  const { message, code, param } = body.success ? body.data.error : { message: null, code: null, param: null };
  const facts = { status, code, param, requestId };
  if (awayStatuses.includes(status)) {
    const retryAfterMs = retryAfterMsOf(answer);
    const words = message ?? `The service at ${baseUrl} is away: ${status}`;
    return new ServiceAwayError(words, { ...facts, refused: false, wasThere, retryAfterMs });
  }
  if (message === null) return strange(answer, baseUrl);
  return status === 401 ? new AuthenticationError(message, facts) : new ServiceError(message, facts);
}

function strange({ status, headers }: Response, baseUrl: string): StrangeAnswerError {
  const requestId = headers.get('x-request-id');
  return new StrangeAnswerError(`${baseUrl} answered ${status} and not as a video-proxy does`, { status, requestId });
}

function retryAfterMsOf({ headers }: Response): number | null {
  const seconds = /^\d{1,6}$/.exec(headers.get('retry-after') ?? '')?.[0];
  return seconds === undefined ? null : Number(seconds) * 1_000;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
