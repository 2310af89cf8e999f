import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

export interface ReceivedCall {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** A real HTTP server that webhooks are sent to. */
export interface WebhookReceiver extends AsyncDisposable {
  readonly origin: string;
  readonly url: string;
  /** Every call so far, oldest first. */
  readonly calls: readonly ReceivedCall[];
  /** What it answers from now on: a status, or something of the test's own (perhaps nothing, for ever). */
  answer(how: number | ((response: ServerResponse, call: ReceivedCall) => void)): void;
}

export async function startWebhookReceiver(): Promise<WebhookReceiver> {
  const calls: ReceivedCall[] = [];
  let respond: (response: ServerResponse, call: ReceivedCall) => void = (response) => response.writeHead(200).end();
  const server = createServer((request, response) => {
    text(request).then(
      (body) => {
        const call = { path: request.url ?? '', headers: request.headers, body };
        calls.push(call);
        respond(response, call);
      },
      () => response.destroy(),
    );
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    origin,
    url: `${origin}/hooks`,
    calls,
    answer(how) {
      respond = typeof how === 'number' ? (response) => response.writeHead(how).end() : how;
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
