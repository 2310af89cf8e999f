import { once } from 'node:events';
import { createServer, type IncomingMessage, type OutgoingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export type Answer = (request: IncomingMessage, response: ServerResponse) => void | Promise<void>;

/** A real server that gives the scripted answers one after the other, the last one for ever. */
export interface FileServer extends AsyncDisposable {
  readonly origin: string;
  readonly url: string;
  /** What was asked so far. */
  readonly requests: readonly IncomingMessage[];
  readonly connectionCount: number;
}

export async function startFileServer(...answers: readonly Answer[]): Promise<FileServer> {
  const requests: IncomingMessage[] = [];
  let connectionCount = 0;
  const server = createServer((request, response) => {
    const answer = answers[Math.min(requests.length, answers.length - 1)];
    requests.push(request);
    void answer?.(request, response);
  });
  server.on('connection', () => {
    connectionCount += 1;
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    origin,
    url: `${origin}/video.mp4?Expires=600`,
    requests,
    get connectionCount() {
      return connectionCount;
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

const firstVersion: OutgoingHttpHeaders = { etag: '"1"' };

/** The whole file, with its length and, unless `headers` say otherwise, a version. */
export function whole(content: Uint8Array, headers: OutgoingHttpHeaders = firstVersion): Answer {
  return (_request, response) => {
    response.writeHead(200, { 'content-type': 'video/mp4', 'content-length': content.length, ...headers });
    response.end(content);
  };
}

/** Begins like `whole`, and breaks the connection after `sizeBytes`, once they have arrived where `arrived` looks. */
export function cutAfter(
  sizeBytes: number,
  content: Uint8Array,
  arrived: () => Promise<void>,
  headers: OutgoingHttpHeaders = firstVersion,
): Answer {
  return async (_request, response) => {
    response.writeHead(200, { 'content-length': content.length, ...headers });
    await new Promise((resolve) => response.write(content.subarray(0, sizeBytes), resolve));
    await arrived();
    response.destroy();
  };
}

/** What the `Range` header asks for, if `If-Range` names the version of `headers`; else the whole file. */
export function ranges(content: Uint8Array, headers: OutgoingHttpHeaders = firstVersion): Answer {
  return (request, response) => {
    const start = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1]);
    const condition = request.headers['if-range'];
    if (Number.isNaN(start) || (condition !== headers['etag'] && condition !== headers['last-modified'])) {
      return whole(content, headers)(request, response);
    }
    const rest = content.subarray(start);
    response.writeHead(206, {
      'content-length': rest.length,
      'content-range': `bytes ${start}-${content.length - 1}/${content.length}`,
      ...headers,
    });
    response.end(rest);
  };
}

export function status(statusCode: number, headers: OutgoingHttpHeaders = {}): Answer {
  return (_request, response) => {
    response.writeHead(statusCode, { 'content-type': 'text/html', ...headers });
    response.end('<!doctype html><title>no</title>');
  };
}
