import { buildConnector, Client, Pool } from 'undici';
import packageJson from '../package.json' with { type: 'json' };
import { exchange, type Limits, type Reply } from './exchange.ts';

/** More than the worker's settings allow in flight: its polls wait in their queue, where others see them, and never here. */
const connectionsMax = 1_024;
const userAgent = `video-proxy/${packageJson.version}`;

export interface TransportOptions {
  readonly baseUrl: string;
  readonly connectTimeoutMs: number;
}

export type Headers = { readonly [name: string]: string };

/** One way to the provider for every endpoint. Neither method rejects, follows redirects, or repeats anything. */
export interface Transport {
  get(path: string, headers: Headers, limits: Limits, signal: AbortSignal): Promise<Reply>;
  post(path: string, body: string, headers: Headers, limits: Limits, signal: AbortSignal): Promise<Reply>;
  /** Breaks off running reads; a write under way ends by itself within its timeout. */
  close(): Promise<void>;
}

/**
 * HTTP/1.1 on purpose (undici 8 would negotiate HTTP/2): one request per socket keeps the failure of one connection
 * the failure of one request, and makes it certain whether a request has left.
 *
 * Reads share kept-alive connections. A write gets a connection of its own and closes it: a kept-alive socket may be dead
 * without knowing it, and a paid request that dies with it would be ambiguous. The extra handshake costs a fraction
 * of a second for something that runs for minutes; TLS sessions are resumed.
 */
export function openTransport({ baseUrl, connectTimeoutMs }: TransportOptions): Transport {
  const { origin, prefix } = splitBaseUrl(baseUrl);
  const connect = buildConnector({ timeout: connectTimeoutMs, allowH2: false });
  const reads = new Pool(origin, { connect, connections: connectionsMax, allowH2: false });
  return {
    get: (path, headers, limits, signal) =>
      exchange(reads, { method: 'GET', path: prefix + path, headers: withCommon(headers) }, limits, signal),
    async post(path, body, headers, limits, signal) {
      const connection = new Client(origin, { connect, allowH2: false });
      const request = { method: 'POST', path: prefix + path, body, headers: withCommon(headers), reset: true };
      const reply = await exchange(connection, request, limits, signal);
      void connection.destroy();
      return reply;
    },
    close: () => reads.destroy(),
  };
}

const withCommon = (headers: Headers) => ({ 'user-agent': userAgent, accept: 'application/json', ...headers });

/**
 * Every endpoint brings its own version, and other clients of this provider are configured with a base URL that ends in
 * `/v1` or `/v2`: such an ending is left out.
 */
function splitBaseUrl(baseUrl: string): { origin: string; prefix: string } {
  const { origin, pathname } = new URL(baseUrl);
  return { origin, prefix: pathname.replace(/\/+$/, '').replace(/\/v[12]$/, '') };
}
