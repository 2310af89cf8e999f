import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type AimlapiOptions, type AimlapiProvider, openAimlapi } from '@video-proxy/aimlapi';

/** Fit for a header, unlike any word, so that an echo of it is found anywhere. */
export const key = '4e1f0c9a7b5d4e1f0c9a7b5d4e1f0c9a';

export interface Received {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** What the server does with one request: a finished answer, or anything a raw response allows. */
export type Reaction =
  | { readonly status?: number; readonly headers?: Record<string, string>; readonly body: unknown }
  | ((response: ServerResponse, request: Received) => void);

export interface ScriptedProvider extends AsyncDisposable {
  readonly url: string;
  readonly requests: readonly Received[];
  /** From now on; the last reaction of several repeats. */
  reactWith(...reactions: Reaction[]): void;
}

/** A real HTTP server that answers as told and remembers what it was asked. */
export async function startScriptedProvider(...reactions: Reaction[]): Promise<ScriptedProvider> {
  const requests: Received[] = [];
  let script = reactions;
  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const body = Buffer.concat(chunks).toString();
    const received = { method: request.method ?? '', path: request.url ?? '', headers: request.headers, body };
    requests.push(received);
    react(script.length > 1 ? script.shift() : script[0], response, received);
  };
  const server = createServer((request, response) => void answer(request, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    reactWith(...next) {
      script = next;
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

function react(reaction: Reaction | undefined, response: ServerResponse, request: Received): void {
  if (typeof reaction === 'function') {
    reaction(response, request);
    return;
  }
  const { status = 200, headers = {}, body } = reaction ?? { status: 500, body: 'no reaction left' };
  const type = typeof body === 'string' ? 'text/html' : 'application/json';
  response.writeHead(status, { 'content-type': type, ...headers });
  response.end(typeof body === 'string' ? body : JSON.stringify(body));
}

export function providerAt(baseUrl: string, options: Partial<AimlapiOptions> = {}): AimlapiProvider {
  return openAimlapi({ name: 'aimlapi', baseUrl, apiKey: () => key, ...options });
}

export const request = {
  model: 'google/veo-3.1-t2v-fast',
  prompt: 'a lighthouse in the fog',
  parameters: { duration: 8, resolution: '720p' },
  clientRequestId: 'video_01k0000000000000000000000.1',
};

/** A signal that nobody aborts. */
export const patient = new AbortController().signal;
