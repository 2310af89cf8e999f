import { Readable } from 'node:stream';
import type { FastifyReply } from 'fastify';

export interface ServerSentEvent {
  readonly id?: string;
  readonly event: string;
  readonly data: unknown;
}

/** Sent while nothing happens, so that proxies and chat front ends do not take the silence for a dead connection. */
export const keepAlive = ': keep-alive\n\n';

export function formatEvent({ id, event, data }: ServerSentEvent): string {
  const idLine = id === undefined ? '' : `id: ${id}\n`;
  // JSON.stringify leaves no line break in the text, so one data line is always enough.
  return `${idLine}event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
}

/** Sends what the generator yields as it comes, at the reader's pace, and ends the generator when the reader leaves. */
export function sendEventStream(reply: FastifyReply, frames: AsyncGenerator<string>): FastifyReply {
  return reply
    .headers({
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-cache, no-transform',
      // nginx would otherwise collect the events and send them all at the end.
      'x-accel-buffering': 'no',
    })
    .send(Readable.from(frames, { objectMode: true, highWaterMark: 1 }));
}
