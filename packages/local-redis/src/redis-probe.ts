import { connect, type NetConnectOpts } from 'node:net';

/**
 * `absent`: nobody listens. `loading`: Redis reads its append-only file. `silent`: somebody listens and says nothing in
 * time. `ready` covers an error reply too, a server that asks for a password is up.
 */
export type RedisState = 'absent' | 'loading' | 'silent' | 'ready';

const REPLY_TIMEOUT_MS = 2_000;

/** Sends one PING over a connection of its own. */
export async function probeRedis(address: NetConnectOpts): Promise<RedisState> {
  const reply = await exchange(address, '*1\r\n$4\r\nPING\r\n');
  if (reply.kind !== 'line') return reply.kind;
  return reply.line.startsWith('-LOADING') ? 'loading' : 'ready';
}

/** Asks a server to save what its settings tell it to save, and to end. */
export async function requestShutdown(address: NetConnectOpts): Promise<void> {
  await exchange(address, '*1\r\n$8\r\nSHUTDOWN\r\n');
}

type Reply =
  | { readonly kind: 'line'; readonly line: string }
  | { readonly kind: 'absent' }
  | { readonly kind: 'silent' };

function exchange(address: NetConnectOpts, command: string): Promise<Reply> {
  return new Promise((resolve) => {
    let received = '';
    const socket = connect(address, () => socket.write(command));
    const finish = (reply: Reply) => {
      socket.destroy();
      resolve(reply);
    };
    socket.setEncoding('utf8').setTimeout(REPLY_TIMEOUT_MS, () => finish({ kind: 'silent' }));
    socket.on('data', (chunk) => {
      received += String(chunk);
      const end = received.indexOf('\r\n');
      if (end >= 0) finish({ kind: 'line', line: received.slice(0, end) });
    });
    socket.once('error', () => finish({ kind: 'absent' }));
    socket.once('close', () => finish({ kind: 'absent' }));
  });
}
