import { createParser } from 'eventsource-parser';
import { ServiceAwayError } from './errors.ts';
import { within } from './time.ts';

export interface EventSourceOfJobs {
  /** Opens the event stream of a job after the last event that was seen; the caller reads the body. */
  openEvents(id: string, lastEventId: string | null, signal: AbortSignal): Promise<Response>;
}

/** What outlives one stream. */
export interface EventCursor {
  lastEventId: string | null;
  /** Streams in a row that brought nothing although the service was there. */
  failures: number;
}

/** The service begins each stream at once. */
const firstByteMaxMs = 5_000;
/** And says every 10 s that it is there. */
const silenceMaxMs = 25_000;

/** Whenever an event comes, and every so often while the stream is open; ends with the stream. */
export async function* momentsToLook(
  source: EventSourceOfJobs,
  id: string,
  cursor: EventCursor,
  { everyMs, signal }: { readonly everyMs: number; readonly signal?: AbortSignal },
): AsyncGenerator<void> {
  // A reader that stops early must leave neither the connection nor a timer behind.
  const stop = new AbortController();
  const untilStop = signal === undefined ? stop.signal : AbortSignal.any([signal, stop.signal]);
  let events = 0;
  let heard = false;
  let away = false;
  const parser = createParser({
    onEvent(event) {
      cursor.lastEventId = event.id ?? cursor.lastEventId;
      events += 1;
    },
  });
  try {
    const next = await opened(source, id, cursor.lastEventId, untilStop);
    let [chunk, silentSinceMs] = [next(), performance.now()];
    while (true) {
      const patienceMs = (heard ? silenceMaxMs : firstByteMaxMs) - (performance.now() - silentSinceMs);
      if (patienceMs <= 0) return;
      const got = await within(chunk, Math.min(everyMs, patienceMs));
      if (got === 'late') {
        yield;
        continue;
      }
      if (got.done) return;
      heard = true;
      const before = events;
      parser.feed(got.value);
      [chunk, silentSinceMs] = [next(), performance.now()];
      if (events > before) yield;
    }
  } catch (error) {
    // A stream that does not open or is cut is no news about the job: the caller looks at it and opens the next one.
    signal?.throwIfAborted();
    away = error instanceof ServiceAwayError;
  } finally {
    stop.abort();
    if (heard) cursor.failures = 0;
    else if (!away) cursor.failures += 1;
  }
}

type Chunk = { readonly done: false; readonly value: string } | { readonly done: true };

async function opened(
  source: EventSourceOfJobs,
  id: string,
  lastEventId: string | null,
  signal: AbortSignal,
): Promise<() => Promise<Chunk>> {
  const opening = source.openEvents(id, lastEventId, signal);
  // When nobody waits for it any more it is rejected, and nobody minds; the same below.
  opening.catch(() => undefined);
  const response = await within(opening, firstByteMaxMs);
  if (response === 'late' || response.body === null) return async () => ({ done: true });
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  return () => {
    const chunk = reader.read().then(({ done, value }): Chunk => (done ? { done } : { done, value }));
    chunk.catch(() => undefined);
    return chunk;
  };
}
