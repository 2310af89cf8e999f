/**
 * Readers of streams in a process of their own, on bare sockets: what they take of the machine is not what is measured. They
 * remember when which stream told of which phase of its job, and tell it once.
 */
import { createServer, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { announce } from './baselines/announce.ts';
import type { Arrivals, StreamArrival, StreamRequest } from './stream-readers.ts';

const openedAtOnce = 50;
/** In the data of an event, and in a line of a chat. */
const tellsPhase = /"(?:phase|reasoning_content)":"(submitting|generating|storing)\b/g;
/** What may be the beginning of the next word is kept until the rest comes. */
const wordLength = 40;

const arrivals: StreamArrival[] = [];
let opened = 0;
let broken = 0;

/** Resolves when the stream is open, with what its opening found. */
function open(target: URL, { method, path, headers, body = '', opening }: StreamRequest): Promise<string> {
  const stream = opened;
  opened += 1;
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const socket = connect(Number(target.port), target.hostname);
  const lines = Object.entries({ host: target.host, ...headers, 'content-length': String(Buffer.byteLength(body)) });
  socket.write(`${method} ${path} HTTP/1.1\r\n${lines.map((line) => `${line.join(': ')}\r\n`).join('')}\r\n${body}`);

  let begun: string | null = '';
  let kept = '';
  socket.setEncoding('latin1').on('data', (piece: string) => {
    const atMs = Date.now();
    if (begun !== null) {
      begun += piece;
      const found = new RegExp(opening).exec(begun);
      if (found === null) return;
      begun = null;
      resolve(found[1] ?? '');
    }
    const said = kept + piece;
    let end = 0;
    for (const match of said.matchAll(tellsPhase)) {
      arrivals.push([stream, match[1] ?? '', atMs]);
      end = match.index + match[0].length;
    }
    kept = said.slice(Math.max(end, said.length - wordLength));
  });
  socket.on('error', reject);
  socket.on('close', () => {
    broken += 1;
    reject(new Error(`it ended after ${begun}`));
  });
  return promise;
}

async function openAll(request: IncomingMessage): Promise<string[]> {
  const { url, streams } = JSON.parse(await text(request)) as { url: string; streams: StreamRequest[] };
  const found: string[] = [];
  while (found.length < streams.length) {
    const next = streams.slice(found.length, found.length + openedAtOnce);
    found.push(...(await Promise.all(next.map((stream) => open(new URL(url), stream)))));
  }
  return found;
}

async function tellArrivals(): Promise<Arrivals> {
  return { arrivals: arrivals.splice(0), broken };
}

const server = createServer((request, response) => {
  const answering = request.method === 'POST' ? openAll(request) : tellArrivals();
  answering.then(
    (answer) => response.end(JSON.stringify(answer)),
    (error: unknown) => response.writeHead(500).end(String(error)),
  );
});
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  if (typeof address === 'object' && address !== null) announce(`http://127.0.0.1:${address.port}`);
});
