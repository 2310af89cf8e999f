import { once } from 'node:events';
import { request as ask, createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** How a poll is answered instead of by the provider. */
export type PollTrouble = (response: ServerResponse) => void;

export interface ProviderInTrouble extends AsyncDisposable {
  readonly url: string;
  /** The next polls of this generation meet that trouble. */
  trouble(generationId: string, answer: PollTrouble, times: number): void;
  /** How many polls of this generation met trouble. */
  met(generationId: string): number;
}

/** Stands before a provider and passes everything on, except polls that are to meet trouble. */
export async function startProviderInTrouble(target: () => string): Promise<ProviderInTrouble> {
  const troubles = new Map<string, { readonly answer: PollTrouble; left: number; met: number }>();
  const server = createServer((incoming, response) => {
    const { pathname, searchParams } = new URL(incoming.url ?? '/', 'http://provider');
    const trouble = troubles.get(searchParams.get('generation_id') ?? '');
    if (pathname === '/v2/video/generations' && trouble !== undefined && trouble.left > 0) {
      trouble.left -= 1;
      trouble.met += 1;
      trouble.answer(response);
      return;
    }
    const { method, url, headers } = incoming;
    const outgoing = ask(new URL(url ?? '/', target()), { method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    outgoing.on('error', () => response.destroy());
    incoming.pipe(outgoing);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    trouble: (generationId, answer, times) => void troubles.set(generationId, { answer, left: times, met: 0 }),
    met: (generationId) => troubles.get(generationId)?.met ?? 0,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
