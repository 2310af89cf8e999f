import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { openCollector } from '../src/traces/collector.ts';
import type { Span } from '../src/traces/span.ts';

const span: Span = {
  traceId: '0af7651916cd43dd8448eb211c80319c',
  id: 'b7ad6b7169203331',
  parentId: null,
  name: 'video job',
  kind: 'internal',
  beganAtMs: 1_000,
  endedAtMs: 2_000,
  attributes: {},
  error: null,
};

/** Takes what it is sent, and answers when it is told to. */
async function startSlowCollector() {
  const unanswered: ServerResponse[] = [];
  let isSlow = true;
  const answer = (response: ServerResponse) =>
    response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
  const server = createServer((request, response) => {
    request.resume().on('end', () => (isSlow ? unanswered.push(response) : answer(response)));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1/traces`,
    catchUp() {
      isSlow = false;
      for (const response of unanswered.splice(0)) answer(response);
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

test('spans that a slow collector has no room for are dropped; that is said once, and when it has caught up', async () => {
  await using slow = await startSlowCollector();
  const said: string[] = [];
  const settings = { url: slow.url, headers: {}, serviceName: 'video-proxy', sampledShare: 1 };
  await using collector = await openCollector(
    settings,
    { process: 'worker', version: '0.1.0' },
    { away: (finding) => void said.push(finding), back: () => void said.push('back') },
  );
  for (let count = 0; count < 10_000; count += 1) collector.send(span);
  expect(said).toEqual(['it takes spans more slowly than they come']);
  slow.catchUp();
  await expect.poll(() => said).toEqual(['it takes spans more slowly than they come', 'back']);
});
