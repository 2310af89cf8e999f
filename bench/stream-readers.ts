import { setTimeout as pause } from 'node:timers/promises';
import type { Server } from './processes.ts';

export interface StreamRequest {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /** A regular expression: the stream is open when this has come. */
  readonly opening: string;
}

/** Which stream told of which phase of its job, and when by the clock of this machine. */
export type StreamArrival = readonly [stream: number, phase: string, atMs: number];

export interface Arrivals {
  readonly arrivals: readonly StreamArrival[];
  readonly broken: number;
}

const arrivalMaxMs = 30_000;

/** Opens streams, and resolves when all are open with what the first group of each opening found. */
export async function openStreams(readers: Server, url: string, streams: readonly StreamRequest[]): Promise<string[]> {
  const body = JSON.stringify({ url, streams });
  const response = await fetch(readers.url, { method: 'POST', body, signal: AbortSignal.timeout(60_000) });
  if (!response.ok) throw new Error(`the streams were not opened: ${await response.text()}`);
  return (await response.json()) as string[];
}

/** When each stream, by its number in the order of opening, told of a phase for the first time. */
export async function arrivalsOf(readers: Server, phase: string, count: number): Promise<ReadonlyMap<number, number>> {
  const arrived = new Map<number, number>();
  const deadlineMs = performance.now() + arrivalMaxMs;
  while (arrived.size < count) {
    if (performance.now() > deadlineMs) throw new Error(`only ${arrived.size} of ${count} streams told of ${phase}`);
    await pause(250);
    const response = await fetch(readers.url, { signal: AbortSignal.timeout(10_000) });
    const { arrivals, broken } = (await response.json()) as Arrivals;
    if (broken > 0) throw new Error(`${broken} streams broke off`);
    for (const [stream, told, atMs] of arrivals) if (told === phase && !arrived.has(stream)) arrived.set(stream, atMs);
  }
  return arrived;
}
