import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { expect, test } from 'vitest';
import { startTcpProxy, testRedisUrl } from '../src/index.ts';

const PING = '*1\r\n$4\r\nPING\r\n';

async function open(port: number): Promise<Socket> {
  const socket = connect({ host: '127.0.0.1', port }).setEncoding('utf8');
  await once(socket, 'connect');
  return socket;
}

async function ping(socket: Socket): Promise<string> {
  return ask(socket, 'PING');
}

async function ask(socket: Socket, command: string): Promise<string> {
  socket.write(`${command}\r\n`);
  const [answer] = await once(socket, 'data');
  return String(answer);
}

/** Whether nothing arrives while a connection past the proxy makes a whole round trip. */
async function staysSilent(socket: Socket, passing: () => Promise<unknown>): Promise<boolean> {
  let heard = false;
  const listen = () => {
    heard = true;
  };
  socket.on('data', listen);
  await passing();
  socket.off('data', listen);
  return !heard;
}

test('bytes pass in both directions', async () => {
  await using proxy = await startTcpProxy({ target: testRedisUrl() });
  const socket = await open(proxy.port);

  expect(await ping(socket)).toBe('+PONG\r\n');
});

test('after cut, open connections are reset and new ones refused', async () => {
  await using proxy = await startTcpProxy({ target: testRedisUrl() });
  const socket = await open(proxy.port);
  const reset = once(socket, 'error');

  await proxy.cut();

  expect(await reset).toMatchObject([{ code: 'ECONNRESET' }]);
  await expect(open(proxy.port)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
});

test('after resume, a cut target is reached on the same port', async () => {
  await using proxy = await startTcpProxy({ target: testRedisUrl() });
  await proxy.cut();

  await proxy.resume();

  expect(await ping(await open(proxy.port))).toBe('+PONG\r\n');
});

test('while paused, connections stay open and silent; after resume the answer comes', async () => {
  await using proxy = await startTcpProxy({ target: testRedisUrl() });
  await using beside = await startTcpProxy({ target: testRedisUrl() });
  const socket = await open(proxy.port);
  expect(await ping(socket)).toBe('+PONG\r\n');

  proxy.pause();
  socket.write(PING);
  const late = await open(proxy.port);
  late.write(PING);
  expect(await staysSilent(socket, async () => ping(await open(beside.port)))).toBe(true);
  const answers = Promise.all([once(socket, 'data'), once(late, 'data')]);
  await proxy.resume();

  expect((await answers).flat()).toEqual(['+PONG\r\n', '+PONG\r\n']);
});

test('while only answers are held back, a request reaches the target, and once', async () => {
  await using proxy = await startTcpProxy({ target: testRedisUrl() });
  await using beside = await startTcpProxy({ target: testRedisUrl() });
  const key = `t-${randomUUID()}`;
  const socket = await open(proxy.port);
  expect(await ping(socket)).toBe('+PONG\r\n');

  proxy.pause('answers');
  socket.write(`INCR ${key}\r\n`);
  const observer = await open(beside.port);
  await expect.poll(() => ask(observer, `GET ${key}`)).toBe('$1\r\n1\r\n');
  const answer = once(socket, 'data');
  await proxy.resume();

  expect(await answer).toEqual([':1\r\n']);
  expect(await ask(socket, `INCR ${key}`)).toBe(':2\r\n');
  await ask(socket, `DEL ${key}`);
});
