import { setTimeout as pause } from 'node:timers/promises';
import type { VideoJobWire } from '@video-proxy/contracts';
import { EventSourceParserStream } from 'eventsource-parser/stream';
import { ServiceAway, type ServiceClient } from './service-client.ts';

/** Progress and the time left move with the clock, not only with events. */
const refreshMs = 2_000;
/** How long one status request waits when the event stream is not to be had (a proxy that buffers it, for example). */
const waitSeconds = 5;
/** A service that is being restarted is back well within this. */
const awayTriesMax = 30;
const awayPauseMs = 1_000;

function hasEnded(job: VideoJobWire): boolean {
  return job.status === 'completed' || job.status === 'failed';
}

/**
 * The job as it changes, until it has ended. Events say *when* to look, the job itself says *what* is so; when the stream
 * breaks it is resumed after the last event, and between two streams a waiting status request bridges the gap.
 */
export async function* followJob(client: ServiceClient, id: string, signal: AbortSignal): AsyncGenerator<VideoJobWire> {
  const cursor: Cursor = { lastEventId: null };
  let triesLeft = 0;
  let wait = 0;
  while (true) {
    try {
      const job = await client.read(id, wait, signal);
      // Only a service that was there is worth waiting for.
      triesLeft = awayTriesMax;
      wait = waitSeconds;
      yield job;
      if (hasEnded(job)) return;
      for await (const _moment of momentsToLook(client, id, cursor, signal)) {
        const changed = await client.read(id, 0, signal);
        yield changed;
        if (hasEnded(changed)) return;
      }
    } catch (error) {
      if (!(error instanceof ServiceAway) || triesLeft === 0) throw error;
      triesLeft -= 1;
      await pause(awayPauseMs, undefined, { signal });
    }
  }
}

interface Cursor {
  lastEventId: string | null;
}

/** Whenever an event comes, and every few seconds while the stream is open; ends with the stream. */
async function* momentsToLook(
  client: ServiceClient,
  id: string,
  cursor: Cursor,
  signal: AbortSignal,
): AsyncGenerator<void> {
  // A reader that stops early must leave neither the connection nor a timer behind.
  const stop = new AbortController();
  const untilStop = AbortSignal.any([signal, stop.signal]);
  try {
    const response = await client.events(id, cursor.lastEventId, untilStop);
    if (response.body === null) return;
    const events = response.body
      .pipeThrough(new TextDecoderStream())
      .pipeThrough(new EventSourceParserStream())
      [Symbol.asyncIterator]();
    const nextEvent = () => {
      const event = events.next();
      // When the reader stops, the event it no longer waits for is rejected, and nobody minds.
      event.catch(() => undefined);
      return event;
    };
    let next = nextEvent();
    while (true) {
      const moment = await Promise.race([next, pause(refreshMs, 'refresh' as const, { signal: untilStop })]);
      if (moment !== 'refresh') {
        if (moment.done === true) return;
        cursor.lastEventId = moment.value.id ?? cursor.lastEventId;
        next = nextEvent();
      }
      yield;
    }
  } catch {
    // A stream that does not open or is cut is no news about the job: the caller looks at it and opens the next one.
    signal.throwIfAborted();
  } finally {
    stop.abort();
  }
}
