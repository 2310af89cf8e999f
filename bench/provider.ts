/**
 * The least that answers like the provider: every create is accepted, every generation is still being made. It remembers
 * what came when, and tells it once. The sandbox does far more for each request than the worker that is measured here.
 */
import { createServer } from 'node:http';
import { announce } from './baselines/announce.ts';
import type { Arrival } from './provider-client.ts';

const latencyMs = Number(process.env['LATENCY_MS'] ?? 0);
const polls: Arrival[] = [];
const creates: Arrival[] = [];

function answerTo(method: string, url: URL, clientRequestId: string): unknown {
  const atMs = Date.now();
  const generationId = url.searchParams.get('generation_id');
  if (method === 'POST') {
    creates.push([clientRequestId, atMs]);
    return { id: clientRequestId, status: 'queued' };
  }
  if (generationId !== null) {
    polls.push([generationId, atMs]);
    return { id: generationId, status: 'generating' };
  }
  if (url.pathname === '/polls') return polls.splice(0);
  if (url.pathname === '/creates') return creates.splice(0);
  return { current_balance: 1_000 };
}

const server = createServer((request, response) => {
  const url = new URL(request.url ?? '/', 'http://provider');
  const answer = answerTo(request.method ?? 'GET', url, String(request.headers['x-client-request-id']));
  const send = () => response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
  if (latencyMs > 0 && url.pathname.startsWith('/v')) setTimeout(send, latencyMs);
  else send();
});
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  if (typeof address === 'object' && address !== null) announce(`http://127.0.0.1:${address.port}`);
});
