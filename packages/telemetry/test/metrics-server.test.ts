import { expect, test } from 'vitest';
import { openMetricsServer } from '../src/index.ts';

const expose = async () => ({ contentType: 'text/plain; version=0.0.4', text: 'a_metric 1\n' });
const key = 'operators-key';
const keyToLook = 'key-of-those-who-look';

async function statusOf(port: number, path: string, headers: Record<string, string> = {}, method = 'GET') {
  return (await fetch(`http://127.0.0.1:${port}${path}`, { method, headers })).status;
}

test('with a key of the operators the metrics are told, without one nothing is', async () => {
  await using server = await openMetricsServer({ port: 0, keys: [key, keyToLook], expose });
  const response = await fetch(`http://127.0.0.1:${server.port}/metrics`, {
    headers: { authorization: `Bearer ${key}` },
  });
  expect([response.status, await response.text()]).toEqual([200, 'a_metric 1\n']);
  expect(response.headers.get('content-type')).toBe('text/plain; version=0.0.4');
  expect(await statusOf(server.port, '/metrics', { authorization: `Bearer ${keyToLook}` })).toBe(200);
  expect(await statusOf(server.port, '/metrics')).toBe(401);
  expect(await statusOf(server.port, '/metrics', { authorization: `Bearer ${key}x` })).toBe(401);
});

test('nothing else is served', async () => {
  await using server = await openMetricsServer({ port: 0, keys: [key], expose });
  const headers = { authorization: `Bearer ${key}` };
  expect(await statusOf(server.port, '/', headers)).toBe(404);
  expect(await statusOf(server.port, '/metrics', headers, 'POST')).toBe(404);
});

test('without a key it is there for this machine only, and not for a web page with a name of its own', async () => {
  await using server = await openMetricsServer({ port: 0, keys: [], expose });
  expect(await statusOf(server.port, '/metrics')).toBe(200);
  const { request } = await import('node:http');
  const { promise, resolve } = Promise.withResolvers<number | undefined>();
  request({ port: server.port, path: '/metrics', headers: { host: 'rebound.example' } }, (response) => {
    response.resume();
    resolve(response.statusCode);
  }).end();
  expect(await promise).toBe(401);
});

test('metrics that cannot be read are no end of the process', async () => {
  const failing = () => Promise.reject(new Error('no'));
  await using server = await openMetricsServer({ port: 0, keys: [], expose: failing });
  expect(await statusOf(server.port, '/metrics')).toBe(500);
});
