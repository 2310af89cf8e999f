import { openaiError, type VideoJobWire, videoJobList, videoJobWire } from '@video-proxy/contracts';
import { Problem } from '../problem.ts';
import type { ServiceAddress } from './service-address.ts';

export interface NewJob {
  readonly model: string;
  readonly prompt?: string;
  readonly parameters: Readonly<Record<string, unknown>>;
}

export interface JobQuery {
  readonly status?: string;
  readonly model?: string;
  readonly limit: number;
  readonly after?: string;
}

/** The `/v1/jobs` API of a running service, for a person at a shell: every failure is a Problem that says what to do. */
export interface ServiceClient {
  readonly address: ServiceAddress;
  create(job: NewJob, idempotencyKey: string, signal: AbortSignal): Promise<VideoJobWire>;
  read(id: string, waitSeconds: number, signal: AbortSignal): Promise<VideoJobWire>;
  list(
    query: JobQuery,
    signal: AbortSignal,
  ): Promise<{ readonly data: readonly VideoJobWire[]; readonly has_more: boolean }>;
  cancel(id: string, signal: AbortSignal): Promise<VideoJobWire>;
  retry(id: string, confirmCost: boolean, signal: AbortSignal): Promise<VideoJobWire>;
  recheck(id: string, signal: AbortSignal): Promise<VideoJobWire>;
  /** Opens the job's event stream; the caller reads and cancels the body. */
  events(id: string, lastEventId: string | null, signal: AbortSignal): Promise<Response>;
  /** Opens the finished file; the caller reads the body. */
  video(id: string, signal: AbortSignal): Promise<Response>;
}

const answerTimeoutMs = 15_000;

export function openServiceClient(address: ServiceAddress): ServiceClient {
  const call = async (method: string, path: string, extra: CallOptions): Promise<Response> => {
    const response = await reach(address, method, path, extra);
    if (!response.ok) throw await problemOf(response, address);
    return response;
  };
  const job = async (method: string, path: string, extra: CallOptions) =>
    videoJobWire.parse(await (await call(method, path, extra)).json());
  const at = (id: string) => `/v1/jobs/${encodeURIComponent(id)}`;

  return {
    address,
    create: (body, idempotencyKey, signal) =>
      job('POST', '/v1/jobs', { signal, body, headers: { 'idempotency-key': idempotencyKey } }),
    read: (id, waitSeconds, signal) =>
      job('GET', `${at(id)}?wait_seconds=${waitSeconds}`, { signal, timeoutMs: answerTimeoutMs + waitSeconds * 1000 }),
    async list(query, signal) {
      const search = new URLSearchParams(
        Object.entries(query)
          .filter(([, value]) => value !== undefined)
          .map(([name, value]): [string, string] => [name, String(value)]),
      );
      const response = await call('GET', `/v1/jobs?${search}`, { signal });
      return videoJobList.parse(await response.json());
    },
    cancel: (id, signal) => job('POST', `${at(id)}/cancel`, { signal, body: {} }),
    retry: (id, confirmCost, signal) => job('POST', `${at(id)}/retry`, { signal, body: { confirm_cost: confirmCost } }),
    recheck: (id, signal) => job('POST', `${at(id)}/recheck`, { signal, body: {} }),
    // No overall timeout on these two: a stream is as long as the generation, a file as large as it is.
    events: (id, lastEventId, signal) =>
      call('GET', `${at(id)}/events`, {
        signal,
        timeoutMs: null,
        headers: { accept: 'text/event-stream', ...(lastEventId === null ? {} : { 'last-event-id': lastEventId }) },
      }),
    video: (id, signal) => call('GET', `${at(id)}/video`, { signal, timeoutMs: null }),
  };
}

interface CallOptions {
  readonly signal: AbortSignal;
  readonly timeoutMs?: number | null;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

async function reach(address: ServiceAddress, method: string, path: string, extra: CallOptions): Promise<Response> {
  const timeoutMs = extra.timeoutMs === undefined ? answerTimeoutMs : extra.timeoutMs;
  const timeout = timeoutMs === null ? [] : [AbortSignal.timeout(timeoutMs)];
  try {
    return await fetch(`${address.origin}${path}`, {
      method,
      signal: AbortSignal.any([extra.signal, ...timeout]),
      headers: {
        ...(address.clientKey === null ? {} : { authorization: `Bearer ${address.clientKey}` }),
        ...(extra.body === undefined ? {} : { 'content-type': 'application/json' }),
        ...extra.headers,
      },
      ...(extra.body === undefined ? {} : { body: JSON.stringify(extra.body) }),
    });
  } catch (error) {
    extra.signal.throwIfAborted();
    throw nobodyThere(address, networkReason(error));
  }
}

/** Nobody answered, or somebody said "not now": worth another try when the request is safe to repeat. */
export class ServiceAway extends Problem {
  /** Nothing listens there: the request has certainly not been taken, and nobody is about to come back. */
  readonly refused: boolean;

  constructor(message: string, advice: readonly string[], { refused = false } = {}) {
    super(message, advice);
    this.refused = refused;
  }
}

function nobodyThere({ origin }: ServiceAddress, reason: string): ServiceAway {
  const advice = ['Start one with: npm start', 'Or name another with --url or VIDEO_PROXY_URL.'];
  return new ServiceAway(`No service answers at ${origin} (${reason})`, advice, { refused: reason === 'ECONNREFUSED' });
}

function networkReason(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === 'TimeoutError') return 'no answer in time';
  const cause: unknown = error.cause;
  if (cause instanceof Error) return 'code' in cause && typeof cause.code === 'string' ? cause.code : cause.message;
  return error.message;
}

const clientKeyAdvice = 'Give a client key with --key or VIDEO_PROXY_KEY (CLIENT_KEYS of the service lists them).';
const adviceByCode: Readonly<Record<string, string>> = {
  missing_api_key: clientKeyAdvice,
  invalid_api_key: clientKeyAdvice,
  not_found: 'See the ids with: npx video-proxy jobs list',
  cost_confirmation_required: 'Add --confirm-cost if you accept that.',
};

async function problemOf(response: Response, address: ServiceAddress): Promise<Problem> {
  const body = openaiError.safeParse(await response.json().catch(() => null));
  if (!body.success) {
    return new Problem(`${address.origin} answered ${response.status} and not as a video-proxy does`, [
      'Check --url or VIDEO_PROXY_URL.',
    ]);
  }
  const { message, code } = body.data.error;
  const advice = adviceByCode[code ?? ''];
  const lines = [
    ...(advice === undefined ? [] : [advice]),
    `${response.status} ${code ?? ''}, request id ${body.data.request_id}`.replace(' ,', ','),
  ];
  return response.status === 503 ? new ServiceAway(message, lines) : new Problem(message, lines);
}
