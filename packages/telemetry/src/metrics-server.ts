import { hash, timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Exposition } from './metrics.ts';

export interface MetricsServer extends AsyncDisposable {
  readonly port: number;
}

export interface MetricsServerOptions {
  readonly port: number;
  /** The operators' keys, one of which has to come as bearer token. Without any only this machine can reach the listener at all. */
  readonly keys: readonly string[];
  readonly expose: () => Promise<Exposition>;
}

const path = '/metrics';
const loopbackHost = /^(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])(?::\d+)?$/i;

/** `GET /metrics` of a process that serves nothing else, by the rule of the operators' routes. */
export async function openMetricsServer({ port, keys, expose }: MetricsServerOptions): Promise<MetricsServer> {
  const mayScrape = keys.length === 0 ? isAddressedAsLoopback : hasOneOf(keys);
  const server = createServer((request, response) => {
    const answer = (status: number, text: string, headers: Record<string, string> = {}) =>
      response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8', ...headers }).end(text);
    if (!mayScrape(request)) {
      answer(401, 'Send an operator key: Authorization: Bearer <key>.\n', { 'www-authenticate': 'Bearer' });
    } else if (request.method !== 'GET' || request.url?.split('?')[0] !== path) {
      answer(404, `There is only GET ${path}.\n`);
    } else {
      expose().then(
        ({ contentType, text }) => answer(200, text, { 'content-type': contentType }),
        () => answer(500, 'The metrics could not be read.\n'),
      );
    }
  });
  server.listen(port, keys.length === 0 ? '127.0.0.1' : undefined);
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/** All are compared, so that the time taken says nothing about which one was nearly right. */
function hasOneOf(keys: readonly string[]): (request: IncomingMessage) => boolean {
  const expected = keys.map(sha256);
  return ({ headers }) => {
    const presented = /^Bearer +(\S+)$/i.exec(headers.authorization ?? '')?.[1] ?? '';
    const digest = sha256(presented);
    return expected.filter((one) => timingSafeEqual(one, digest)).length > 0;
  };
}

/** A web page in a browser on this machine could have a name of its own resolve to 127.0.0.1. */
const isAddressedAsLoopback = ({ headers }: IncomingMessage): boolean => loopbackHost.test(headers.host ?? '');

const sha256 = (text: string): Buffer => hash('sha256', text, 'buffer');
