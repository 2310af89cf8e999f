import { requestIdOf } from './evidence.ts';
import type { Limits, Reply } from './exchange.ts';
import type { Headers, Transport } from './transport.ts';

/** Every endpoint of the provider that is used, one line each; what an answer means is decided elsewhere. */
export interface Endpoints {
  create(key: string, clientRequestId: string, body: string, signal: AbortSignal): Promise<Reply>;
  poll(key: string, generationId: string, signal: AbortSignal): Promise<Reply>;
  logs(key: string, period: string, limit: number, offset: number, signal: AbortSignal): Promise<Reply>;
  billing(key: string, signal: AbortSignal): Promise<Reply>;
  /** In credits; from before `billing` existed. */
  legacyBalance(key: string, signal: AbortSignal): Promise<Reply>;
  /** Needs no key, so it gets none. */
  models(etag: string | null, signal: AbortSignal): Promise<Reply>;
}

/** One exchange with the provider that is over. */
export interface ProviderCall {
  readonly route: keyof Endpoints;
  readonly method: 'GET' | 'POST';
  /** Null when no answer came. */
  readonly statusCode: number | null;
  readonly beganAtMs: number;
  readonly durationMs: number;
  /** The provider's own number of this call; null when it gave none. */
  readonly requestId: string | null;
}

/** The same endpoints, with each call told when it is over, however it ended. */
export function told(endpoints: Endpoints, tell: (call: ProviderCall) => void): Endpoints {
  const entries = Object.entries(endpoints) as [keyof Endpoints, (...args: never[]) => Promise<Reply>][];
  const telling = entries.map(([route, call]) => [
    route,
    async (...args: never[]): Promise<Reply> => {
      const beganAtMs = Date.now();
      const reply = await call(...args);
      const statusCode = reply.kind === 'answer' ? reply.statusCode : null;
      const durationMs = Date.now() - beganAtMs;
      // The key comes first wherever one is sent.
      const requestId = requestIdOf(reply, String(args[0]));
      tell({ route, method: route === 'create' ? 'POST' : 'GET', statusCode, beganAtMs, durationMs, requestId });
      return reply;
    },
  ]);
  return Object.fromEntries(telling) as Endpoints;
}

const answerBytesMax = 1024 * 1024;
/** The list of all models of every kind, should the filter be ignored. */
const modelListBytesMax = 16 * 1024 * 1024;

const bearer = (key: string): Headers => ({ authorization: `Bearer ${key}` });
const json: Headers = { 'content-type': 'application/json' };

export function endpointsOf({ get, post }: Transport, timeouts: { createMs: number; readMs: number }): Endpoints {
  const writing: Limits = { timeoutMs: timeouts.createMs, bodyBytesMax: answerBytesMax };
  const reading: Limits = { timeoutMs: timeouts.readMs, bodyBytesMax: answerBytesMax };
  const listing: Limits = { timeoutMs: timeouts.readMs, bodyBytesMax: modelListBytesMax };
  const generations = '/v2/video/generations';
  return {
    create: (key, id, body, signal) =>
      post(generations, body, { ...bearer(key), ...json, 'x-client-request-id': id }, writing, signal),
    poll: (key, id, signal) =>
      get(`${generations}?generation_id=${encodeURIComponent(id.toWellFormed())}`, bearer(key), reading, signal),
    logs: (key, period, limit, offset, signal) =>
      get(`/v2/logs?period=${period}&limit=${limit}&offset=${offset}`, bearer(key), reading, signal),
    billing: (key, signal) => get('/v2/billing', bearer(key), reading, signal),
    legacyBalance: (key, signal) => get('/v1/billing/balance', bearer(key), reading, signal),
    models: (etag, signal) =>
      get('/v1/models?tags=playground%3Avideo', etag === null ? {} : { 'if-none-match': etag }, listing, signal),
  };
}
