import { createServer } from 'node:net';

const firstPort = 10_000;
const portCount = 10_000;

/**
 * A port that nobody listens on, below those that systems give to outgoing connections: so it stays free between two processes
 * that follow each other there.
 *
 * @param offsets further ports, by their distance, that have to be free as well
 */
export async function freePort(...offsets: readonly number[]): Promise<number> {
  for (;;) {
    const port = firstPort + Math.floor(Math.random() * portCount);
    const areFree = await Promise.all([0, ...offsets].map((offset) => isFree(port + offset)));
    if (areFree.every(Boolean)) return port;
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
