import { createServer } from 'node:net';

const firstPort = 10_000;
/** As many for each process of a test run, so that no two of them ever try the same one. */
const portsPerProcess = 1_000;
const processes = 10;
/** From 1; absent where no tests run. */
const place = Number(process.env['VITEST_POOL_ID'] ?? 0) % processes;

/** At another one in each run: what the last run has just left may not be free yet. */
let turn = Math.floor(Math.random() * portsPerProcess);

/**
 * A port that nobody listens on, below those that systems give to outgoing connections: so it stays free between two processes
 * that follow each other there. Given once in a thousand calls: who has it need not listen at once.
 *
 * @param offsets further ports, by their distance, that have to be free as well
 */
export async function freePort(...offsets: readonly number[]): Promise<number> {
  for (;;) {
    turn = (turn + 1) % portsPerProcess;
    const port = firstPort + place * portsPerProcess + turn;
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
