import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';

export interface FaultyServer extends AsyncDisposable {
  readonly host: string;
  /** Connections so far. */
  readonly connections: number;
  /** Everything that was received. */
  readonly received: string;
  /** Resolves when the first complete request was received. */
  readonly requested: Promise<void>;
}

/** A TCP server that speaks HTTP only as far as it is told: `onRequest` gets the socket after each complete request. */
export async function startFaultyServer(
  onRequest: (socket: Socket) => void,
  onConnection: (socket: Socket) => void = () => undefined,
): Promise<FaultyServer> {
  const sockets = new Set<Socket>();
  const requested = Promise.withResolvers<void>();
  let connections = 0;
  let received = '';
  const server = createServer((socket) => {
    connections += 1;
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => sockets.delete(socket));
    let pending = '';
    socket.on('data', (chunk) => {
      received += chunk;
      pending += chunk;
      if (!isComplete(pending)) return;
      pending = '';
      requested.resolve();
      onRequest(socket);
    });
    onConnection(socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    host: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    get connections() {
      return connections;
    },
    get received() {
      return received;
    },
    requested: requested.promise,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

function isComplete(text: string): boolean {
  const [head, body] = text.split('\r\n\r\n');
  const length = Number(/content-length: (\d+)/i.exec(head ?? '')?.[1] ?? 0);
  return body !== undefined && Buffer.byteLength(body) >= length;
}
