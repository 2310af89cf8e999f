import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse, request as send } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import type { Gate } from './gate.ts';

/** The way of one process to the provider, request by request. */
export interface ProviderWire extends AsyncDisposable {
  readonly url: string;
  /** The job whose requests matter from now on. */
  follow(jobId: string): void;
}

/** What the provider names in an answer is how the next request is recognised. */
const linksAndIds = /"(?:id|generation_id)"\s*:\s*"([^"]+)"|\/files\/generations\/([^"?]+)/g;

export async function startProviderWire({ target, gate }: { target: string; gate: Gate }): Promise<ProviderWire> {
  let names: string[] = [];

  const nameOf = ({ method, url = '', headers }: IncomingMessage): string | null => {
    const clientRequestId = String(headers['x-client-request-id'] ?? '');
    if (!names.some((name) => url.includes(name) || clientRequestId.includes(name))) return null;
    const path = names.reduce((shown, name) => shown.replace(name, '…'), url.split('?')[0] ?? '');
    return `${method} ${path}`;
  };
  const pass = async (request: IncomingMessage, response: ServerResponse) => {
    const name = nameOf(request);
    const body = await buffer(request);
    if (gate.isClosed || (name !== null && !gate.reach(name, 'before'))) return;
    const answer = await answerOf(target, request, body);
    if (answer === null) return void response.destroy();
    const text = answer.body.toString('latin1');
    if (name !== null) names.push(...[...text.matchAll(linksAndIds)].map(([, id, file]) => id ?? file ?? ''));
    if (gate.isClosed || (name !== null && !gate.reach(name, 'after'))) return;
    const { 'transfer-encoding': _, ...headers } = answer.headers;
    response.writeHead(answer.status, { ...headers, 'content-length': answer.body.length });
    response.end(answer.body, () => {
      if (name !== null) gate.reach(name, 'delivered');
    });
  };

  const server = createServer((request, response) => void pass(request, response).catch(() => response.destroy()));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    follow(jobId) {
      names = [jobId];
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

interface ProviderAnswer {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}

/** The host is passed on, because the provider's links lead back to where it was asked. */
async function answerOf(target: string, { method, url, headers }: IncomingMessage, body: Buffer) {
  return new Promise<ProviderAnswer | null>((resolve) => {
    const outgoing = send(new URL(url ?? '/', target), { method, headers, agent: false }, (incoming) => {
      buffer(incoming).then(
        (answer) => resolve({ status: incoming.statusCode ?? 0, headers: incoming.headers, body: answer }),
        () => resolve(null),
      );
    });
    outgoing.once('error', () => resolve(null));
    outgoing.end(body);
  });
}
