import { lookup } from 'node:dns/promises';
import { once } from 'node:events';
import { connect as connectTcp, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';

/** How far a connection gets. Each step has its own name because each has another person to ask. */
export type DialResult =
  | { readonly kind: 'reached'; readonly tls: boolean }
  | { readonly kind: 'dns'; readonly code: string }
  | { readonly kind: 'refused' }
  | { readonly kind: 'unreachable'; readonly code: string }
  | { readonly kind: 'tls'; readonly code: string }
  | { readonly kind: 'timeout' };

/**
 * Looks the name up, connects, and shakes hands, without sending a request.
 *
 * @param timeoutMs for each of the three steps
 */
export async function dial(address: URL, timeoutMs: number): Promise<DialResult> {
  const host = address.hostname.replace(/^\[(.*)\]$/, '$1');
  const secure = address.protocol === 'https:';
  const port = address.port === '' ? (secure ? 443 : 80) : Number(address.port);
  try {
    await within(timeoutMs, lookup(host));
  } catch (error) {
    return error === late ? { kind: 'timeout' } : { kind: 'dns', code: codeOf(error) };
  }
  const socket = connectTcp({ host, port });
  try {
    await within(timeoutMs, once(socket, 'connect'));
    if (secure) return await shakeHands(socket, host, timeoutMs);
    return { kind: 'reached', tls: false };
  } catch (error) {
    return connectFailure(error);
  } finally {
    socket.destroy();
  }
}

async function shakeHands(socket: Socket, host: string, timeoutMs: number): Promise<DialResult> {
  const secured = connectTls({ socket, servername: /^[\d.]+$|:/.test(host) ? '' : host });
  try {
    await within(timeoutMs, once(secured, 'secureConnect'));
    return { kind: 'reached', tls: true };
  } catch (error) {
    // A plain-text server that waits for the rest of a "request" it cannot read also ends here.
    return { kind: 'tls', code: error === late ? 'no answer to the handshake' : codeOf(error) };
  } finally {
    secured.destroy();
  }
}

function connectFailure(error: unknown): DialResult {
  if (error === late) return { kind: 'timeout' };
  const code = codeOf(error);
  if (code === 'ECONNREFUSED') return { kind: 'refused' };
  if (code === 'ETIMEDOUT') return { kind: 'timeout' };
  return { kind: 'unreachable', code };
}

const late = Symbol('late');

async function within<T>(timeoutMs: number, work: Promise<T>): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(late), timeoutMs);
  try {
    return await Promise.race([work, promise]);
  } finally {
    clearTimeout(timer);
  }
}

function codeOf(error: unknown): string {
  // A name with several addresses fails with one error for each of them.
  if (error instanceof AggregateError) return codeOf(error.errors[0]);
  if (error instanceof Error) return 'code' in error && typeof error.code === 'string' ? error.code : error.message;
  return String(error);
}
