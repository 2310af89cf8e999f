import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { clientKey } from './processes.ts';

const connections = 50;

export interface Shot {
  readonly method: 'GET' | 'POST';
  readonly url: string;
  readonly body?: string;
}

/** Requests per second under load from a process of its own; throws when an answer was not 2xx, for then it means nothing. */
export async function requestsPerSecond({ method, url, body }: Shot, seconds: number): Promise<number> {
  const autocannon = fileURLToPath(import.meta.resolve('autocannon'));
  const options = ['--json', '--connections', String(connections), '--duration', String(seconds), '--method', method];
  const headers = [`authorization=Bearer ${clientKey}`, 'content-type=application/json'].flatMap((header) => [
    '--headers',
    header,
  ]);
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [autocannon, ...options, ...headers, ...(body === undefined ? [] : ['--body', body]), url],
    { timeout: (seconds + 20) * 1_000 },
  );
  const result = JSON.parse(stdout) as { requests: { average: number }; non2xx: number; errors: number };
  if (result.non2xx + result.errors > 0) {
    throw new Error(`${method} ${url}: ${result.non2xx} answers were not 2xx, ${result.errors} requests failed`);
  }
  return result.requests.average;
}

export interface Comparison {
  readonly ours: number;
  readonly bare: number;
  /** The middle of the ratios of single rounds: both sides of a round met the same machine. */
  readonly ratio: number;
}

/** Rounds in which both sides take turns, and take turns in beginning, so that a busy moment of the machine hurts both. */
export async function takeTurns(
  rounds: number,
  sides: { readonly ours: () => Promise<number>; readonly bare: () => Promise<number> },
): Promise<Comparison> {
  const results: { readonly ours: number; readonly bare: number }[] = [];
  for (let round = 0; round < rounds; round += 1) {
    if (round % 2 === 0) {
      const bare = await sides.bare();
      results.push({ bare, ours: await sides.ours() });
    } else {
      const ours = await sides.ours();
      results.push({ ours, bare: await sides.bare() });
    }
  }
  return {
    ours: median(results.map(({ ours }) => ours)),
    bare: median(results.map(({ bare }) => bare)),
    ratio: median(results.map(({ ours, bare }) => ours / bare)),
  };
}

export function median(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
