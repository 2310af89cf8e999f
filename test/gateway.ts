import { request as ask, createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/**
 * What becomes of one request: it passes, its answer is never sent on, its connection is cut when the whole answer is there, or
 * as soon as an event has passed.
 */
export type Fate = 'pass' | 'hold' | 'cut_answer' | 'cut_after_event';

export interface Gateway extends AsyncDisposable {
  readonly url: string;
  /** Every request so far. */
  readonly seen: readonly IncomingMessage[];
}

/** A proxy in front of the service as one meets them: it buffers, it cuts. */
export async function startGateway(target: string, fateOf: (request: IncomingMessage) => Fate): Promise<Gateway> {
  const seen: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    seen.push(request);
    const { method = 'GET', url = '/', headers } = request;
    const upstream = ask(`${target}${url}`, { method, headers }, (answer) => carry(fateOf(request), answer, response));
    upstream.on('error', () => response.destroy());
    response.on('close', () => upstream.destroy());
    request.pipe(upstream);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function carry(fate: Fate, answer: IncomingMessage, response: ServerResponse): void {
  switch (fate) {
    case 'hold':
      answer.resume();
      return;
    case 'cut_answer':
      answer.on('end', () => response.destroy()).resume();
      return;
    case 'cut_after_event':
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.on('data', (chunk: Buffer) =>
        response.write(chunk, () => {
          if (chunk.includes('id: ')) response.destroy();
        }),
      );
      return;
    case 'pass':
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      response.flushHeaders();
      answer.pipe(response);
  }
}
