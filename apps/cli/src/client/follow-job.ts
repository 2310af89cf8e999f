import { setTimeout as pause } from 'node:timers/promises';
import type { VideoJobWire } from '@video-proxy/contracts';
import { EventSourceParserStream } from 'eventsource-parser/stream';
import { type ServiceClient, ServiceUnreachable } from './service-client.ts';

/** How long one status request waits when the event stream is not to be had (a proxy that buffers it, for example). */
const waitSeconds = 10;
/** A service that is being restarted is back well within this. */
const unreachableTriesMax = 30;
const unreachablePauseMs = 1000;

export function hasEnded(job: VideoJobWire): boolean {
  return job.status === 'completed' || job.status === 'failed';
}

/**
 * The job as it changes, until it has ended. Events say *when* to look, the job itself says *what* is so; when the stream
 * breaks it is resumed after the last event, and between two streams a waiting status request bridges the gap.
 */
export async function* followJob(client: ServiceClient, id: string, signal: AbortSignal): AsyncGenerator<VideoJobWire> {
  let lastEventId: string | null = null;
  let tries = 0;
  let wait = 0;
  while (true) {
    try {
      const job = await client.read(id, wait, signal);
      tries = 0;
      wait = waitSeconds;
      yield job;
      if (hasEnded(job)) return;
      for await (const eventId of eventIds(client, id, lastEventId, signal)) {
        lastEventId = eventId ?? lastEventId;
        const changed = await client.read(id, 0, signal);
        yield changed;
        if (hasEnded(changed)) return;
      }
    } catch (error) {
      if (!(error instanceof ServiceUnreachable) || tries >= unreachableTriesMax) throw error;
      tries += 1;
      await pause(unreachablePauseMs, undefined, { signal });
    }
  }
}

async function* eventIds(
  client: ServiceClient,
  id: string,
  lastEventId: string | null,
  signal: AbortSignal,
): AsyncGenerator<string | null> {
  // A reader that stops early must not leave the connection open.
  const stop = new AbortController();
  const response = await client.events(id, lastEventId, AbortSignal.any([signal, stop.signal])).catch(() => null);
  signal.throwIfAborted();
  if (response?.body == null) return;
  const events = response.body.pipeThrough(new TextDecoderStream()).pipeThrough(new EventSourceParserStream());
  try {
    for await (const event of events) yield event.id ?? null;
  } catch {
    // A cut stream is no news about the job: the caller looks at the job and opens the next one.
    signal.throwIfAborted();
  } finally {
    stop.abort();
  }
}
