import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type NetConnectOpts, type Socket } from 'node:net';
import { trackOpen } from './open-resources.ts';

export type TcpProxy = AsyncDisposable & {
  /** The target's URL with the proxy in its place; `redis://` for a target behind a unix socket. */
  readonly url: string;
  readonly port: number;
  /** The target is gone: open connections are reset, new ones refused. */
  cut(): Promise<void>;
  /**
   * The target hangs: connections stay open and new ones are accepted, but nothing comes through. With `answers`,
   * requests still reach the target and only what it says is held back.
   */
  pause(what?: 'everything' | 'answers'): void;
  /** Ends `cut` and `pause`; what was held back comes through. */
  resume(): Promise<void>;
  close(): Promise<void>;
};

type Pair = { readonly client: Socket; readonly target: Socket };

/** A server on a loopback port that passes bytes to the target until it is told to be a fault. */
export async function startTcpProxy({ target }: { readonly target: string }): Promise<TcpProxy> {
  const address = addressOf(target);
  const pairs = new Set<Pair>();
  let held: 'nothing' | 'answers' | 'everything' = 'nothing';

  const server = createServer((client) => {
    const pair: Pair = { client, target: connect(address) };
    pairs.add(pair);
    for (const [socket, other] of [
      [pair.client, pair.target],
      [pair.target, pair.client],
    ] as const) {
      socket.on('error', () => other.destroy());
      socket.once('close', () => {
        other.destroy();
        pairs.delete(pair);
      });
    }
    flow(pair, held);
  });
  const listen = async (port: number) => {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
  };
  await listen(0);
  const { port } = server.address() as AddressInfo;

  const stop = async (drop: (client: Socket) => void) => {
    const closed = server.listening ? once(server, 'close') : undefined;
    if (server.listening) server.close();
    for (const { client, target: upstream } of pairs) {
      drop(client);
      upstream.destroy();
    }
    await closed;
  };
  const cut = () => stop((client) => client.resetAndDestroy());
  const tracked = trackOpen(`the TCP proxy on port ${port}`, () => void cut());
  const hold = (what: typeof held) => {
    held = what;
    for (const pair of pairs) flow(pair, held);
  };
  const close = async () => {
    await stop((client) => client.destroy());
    tracked.closed();
  };
  return {
    url: urlVia(target, port),
    port,
    cut,
    pause: (what = 'everything') => hold(what),
    resume: async () => {
      if (!server.listening) await listen(port);
      hold('nothing');
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

function flow({ client, target }: Pair, held: 'nothing' | 'answers' | 'everything'): void {
  // A pipe that is there already would become a second one, and send everything twice.
  client.unpipe(target);
  target.unpipe(client);
  if (held === 'everything') client.pause();
  else client.pipe(target);
  if (held === 'nothing') target.pipe(client);
  else target.pause();
}

function addressOf(target: string): NetConnectOpts {
  if (target.startsWith('unix://')) return { path: target.slice('unix://'.length) };
  const { hostname, port } = new URL(target);
  return { host: hostname, port: Number(port) };
}

function urlVia(target: string, port: number): string {
  if (target.startsWith('unix://')) return `redis://127.0.0.1:${port}`;
  const url = new URL(target);
  url.hostname = '127.0.0.1';
  url.port = String(port);
  return url.href.replace(/\/$/, '');
}
