import type { VideoJobWire } from '@video-proxy/contracts';
import { ServiceAwayError } from './errors.ts';
import { type EventCursor, type EventSourceOfJobs, momentsToLook } from './moments.ts';
import { pause } from './time.ts';

export interface Following {
  readonly signal?: AbortSignal;
  /** Progress and the time left move with the clock: how often to look between two events. null: never. */
  readonly refreshMs?: number | null;
  /** How long a service that was there may be away, as in a restart, before the following ends with that. */
  readonly awayMaxMs?: number;
}

export interface JobReader extends EventSourceOfJobs {
  readJob(id: string, options: { readonly waitSeconds?: number; readonly signal?: AbortSignal }): Promise<VideoJobWire>;
}

/** As often as the service itself recommends. */
const refreshDefaultMs = 5_000;
const awayMaxDefaultMs = 60_000;
const awayPauseMs = 1_000;
/** Proxies cut a silent request after 30 s or more. */
const waitMaxSeconds = 20;
/** An event stream that could not be had twice in a row (a proxy collects it, or cuts it) is not tried again. */
const streamFailuresMax = 2;

export function hasEnded({ status }: Pick<VideoJobWire, 'status'>): boolean {
  return status === 'completed' || status === 'failed';
}

/**
 * The job as it is, then whenever it has changed, until it has ended. Events say *when* to look, the job itself says *what* is so;
 * when the stream breaks it is resumed after the last event, and where there is none, waiting status requests take its place.
 */
export async function* followJob(reader: JobReader, id: string, options: Following): AsyncGenerator<VideoJobWire> {
  let seen = '';
  for await (const job of looks(reader, id, options)) {
    const asText = JSON.stringify(job);
    if (asText !== seen) yield job;
    seen = asText;
    if (hasEnded(job)) return;
  }
}

async function* looks(reader: JobReader, id: string, options: Following): AsyncGenerator<VideoJobWire> {
  const { signal, refreshMs = refreshDefaultMs, awayMaxMs = awayMaxDefaultMs } = options;
  const everyMs = refreshMs ?? Number.POSITIVE_INFINITY;
  const aborting = signal === undefined ? {} : { signal };
  const cursor: EventCursor = { lastEventId: null, failures: 0 };
  let waitSeconds = 0;
  let answeredMs = performance.now();
  const look = async (wait: number) => {
    const job = await reader.readJob(id, { waitSeconds: wait, ...aborting });
    answeredMs = performance.now();
    return job;
  };
  while (true) {
    try {
      yield await look(waitSeconds);
      waitSeconds = Math.min(everyMs / 1_000, waitMaxSeconds);
      if (cursor.failures >= streamFailuresMax) continue;
      for await (const _moment of momentsToLook(reader, id, cursor, { everyMs, ...aborting })) yield await look(0);
    } catch (error) {
      if (!(error instanceof ServiceAwayError) || !error.wasThere) throw error;
      if (performance.now() - answeredMs > awayMaxMs) throw error;
      await pause(awayPauseMs, signal);
    }
  }
}
