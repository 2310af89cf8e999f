import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { isPublicAddress, openOutboundAgent } from '@video-proxy/outbound';
import { expect, test } from 'vitest';

test.each([
  '0.0.0.0',
  '10.1.2.3',
  '100.64.0.1',
  '127.0.0.1',
  '127.255.255.254',
  '169.254.169.254',
  '172.16.0.1',
  '172.31.255.255',
  '192.168.1.1',
  '192.0.0.8',
  '198.18.0.1',
  '203.0.113.7',
  '224.0.0.1',
  '255.255.255.255',
  '::',
  '::1',
  '::ffff:127.0.0.1',
  '::ffff:a00:1',
  '::127.0.0.1',
  '64:ff9b::169.254.169.254',
  '64:ff9b:1::1',
  '2002:7f00:1::',
  '2001:0:4136:e378::1',
  'fc00::1',
  'fd12:3456::1',
  'fe80::1',
  'fe80::1%eth0',
  'fec0::1',
  'ff02::1',
  'localhost',
  '',
])('%s is not an address of the public internet', (address) => {
  expect(isPublicAddress(address)).toBe(false);
});

test.each([
  '1.1.1.1',
  '100.63.255.255',
  '172.32.0.1',
  '192.169.0.1',
  '223.255.255.255',
  '2606:4700::1111',
  '64:ff9b::1.1.1.1',
])('%s is one', (address) => {
  expect(isPublicAddress(address)).toBe(true);
});

test.each([
  ['http without an exception', (port: string) => `http://127.0.0.1:${port}`],
  ['another port', () => 'https://192.0.2.1:8443'],
  ['a private address', (port: string) => `https://127.0.0.1:${port}`],
  ['a private address in another spelling', (port: string) => `https://0x7f.1:${port}`],
  ['a private IPv6 address', (port: string) => `https://[::1]:${port}`],
  ['a mapped private address', (port: string) => `https://[::ffff:127.0.0.1]:${port}`],
  ['a name that resolves to a private address', (port: string) => `https://localhost:${port}`],
])('a request to %s is refused before any connection is made', async (_what, originAt) => {
  await using server = await startServer();
  const agent = openOutboundAgent({ allowedOrigins: [] });
  const origin = originAt(new URL(server.origin).port);
  await expect(agent.request({ origin, path: '/', method: 'GET' })).rejects.toMatchObject({ code: 'outbound_refused' });
  expect(server.connectionCount).toBe(0);
  await agent.destroy();
});

test('an allowed origin is reached although it is private and without TLS, its neighbour on another port is not', async () => {
  await using server = await startServer();
  await using neighbour = await startServer();
  const agent = openOutboundAgent({ allowedOrigins: [`${server.origin}/`] });
  const { statusCode, body } = await agent.request({ origin: server.origin, path: '/', method: 'GET' });
  await body.dump();
  expect(statusCode).toBe(200);
  await expect(agent.request({ origin: neighbour.origin, path: '/', method: 'GET' })).rejects.toThrow();
  await agent.destroy();
});

test('an allowed host is reached by its name and port', async () => {
  await using server = await startServer();
  const { port } = new URL(server.origin);
  const agent = openOutboundAgent({ allowedOrigins: [], allowedHosts: [`localhost:${port}`] });
  const { statusCode, body } = await agent.request({ origin: `http://localhost:${port}`, path: '/', method: 'GET' });
  await body.dump();
  expect(statusCode).toBe(200);
  await expect(agent.request({ origin: server.origin, path: '/', method: 'GET' })).rejects.toThrow();
  await agent.destroy();
});

async function startServer() {
  let connectionCount = 0;
  const server = createServer((_request, response) => response.end());
  server.on('connection', () => {
    connectionCount += 1;
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    get connectionCount() {
      return connectionCount;
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
