import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import { type Client, openClient } from '../src/index.ts';

/** A client of a service that behaves badly on purpose, which the real one cannot be asked to do. */
export async function clientOf(
  answer: (request: IncomingMessage, response: ServerResponse) => void,
  options: { readonly apiKey?: string; readonly user?: string } = {},
): Promise<Client> {
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return openClient({ baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, ...options });
}

export const sendJson = (response: ServerResponse, body: unknown, status = 200, headers = {}) =>
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));

export const refusal = (code: string, message = 'Redis is away') => ({
  error: { message, type: 'server_error', code, param: null },
  request_id: 'req_2',
});
