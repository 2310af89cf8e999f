import type { NetConnectOpts } from 'node:net';

/** A server that was started, whichever way; not necessarily one that answers yet. */
export type RedisProcess = {
  readonly url: string;
  readonly address: NetConnectOpts;
  /** Of the server, or of the Docker client that stands for it. */
  readonly pid: number;
  /** Resolves once the server is gone, with words about how. */
  readonly ended: Promise<string>;
  /** Lets the server write what it holds, then ends it; resolves when it is gone. */
  stop(): Promise<void>;
};

const STOP_TIMEOUT_MS = 10_000;

/** Asks first and insists after `STOP_TIMEOUT_MS`. */
export async function endWithin(ended: Promise<unknown>, ask: () => void, insist: () => void): Promise<void> {
  const timer = setTimeout(insist, STOP_TIMEOUT_MS);
  ask();
  await ended;
  clearTimeout(timer);
}
