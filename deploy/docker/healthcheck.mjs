/**
 * Health of the container, whatever its role. With an HTTP port: the process answers. A worker has no port: its heartbeat
 * is in Redis, where the API looks for it, too. Says on failure what is wrong (`docker inspect` shows it).
 */
import { readFileSync } from 'node:fs';

/** Docker gives up after 5 s; what is wrong should be said before. */
const timeoutMs = 4_000;

// The role is an argument of the first process of the container, with or without an init in front of it.
const firstProcess = readFileSync('/proc/1/cmdline', 'utf8').split('\0').join(' ');

try {
  if (/\bworker\b/.test(firstProcess)) await workerIsAlive();
  else await apiAnswers();
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exit(1);
}
process.exit(0);

async function apiAnswers() {
  const url = `http://127.0.0.1:${process.env['PORT'] || 8080}/healthz`;
  const response = await fetch(url, { signal: AbortSignal.timeout(timeoutMs) });
  if (!response.ok) throw new Error(`${url} answers ${response.status}`);
}
