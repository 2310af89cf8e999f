import { type Remark, remark } from '@video-proxy/core';
import type { Dispatcher } from 'undici';
import { remarkOn } from './network-trouble.ts';

/** The provider answered. */
export interface Answer {
  readonly kind: 'answer';
  readonly statusCode: number;
  readonly header: (name: string) => string | null;
  /** As much of the body as arrived. */
  readonly text: string;
  /** False when the connection, our patience or the size limit ended before the body did. The status is known all the same. */
  readonly whole: boolean;
}

/** No status line arrived. */
export interface Silence {
  readonly kind: 'silence';
  /** False only when it is certain that no byte of the request left this process. */
  readonly mayHaveLeft: boolean;
  /** What happened, for an operator: names DNS, TLS, refused, timeout; never a host or a key. */
  readonly remark: Remark;
}

export type Reply = Answer | Silence;

export interface Limits {
  /** For the whole exchange, waiting for a free connection included. */
  readonly timeoutMs: number;
  readonly bodyBytesMax: number;
}

type OutgoingRequest = Pick<Dispatcher.DispatchOptions, 'path' | 'method' | 'headers' | 'body' | 'reset'>;

/** What has happened so far; written by undici's callbacks, read when the exchange ends. */
interface Course {
  controller: Dispatcher.DispatchController | null;
  mayHaveLeft: boolean;
  over: boolean;
  head: {
    readonly statusCode: number;
    readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  } | null;
  readonly chunks: Buffer[];
  sizeBytes: number;
}

/** Unlike `Buffer.toString`, it drops a byte order mark, which JSON does not allow. */
const decoder = new TextDecoder();
const givenUp = remark('given up by this service', 'call_given_up');
const closed = remark('connection closed without an answer', 'call_closed');

/**
 * One request and what came of it; never rejects.
 *
 * Whether bytes may have left is decided by undici's own order of events (read in its sources, 8.12): `onRequestStart` is
 * called when a connected socket was chosen, directly before the first write; everything before it (queueing, name
 * lookup, connecting, TLS) cannot have carried the request. This is why the exchange is written against `dispatch` and not
 * against `request`, which keeps that moment to itself and does not let go of a request that waits for a connection.
 */
export function exchange(
  dispatcher: Dispatcher,
  request: OutgoingRequest,
  { timeoutMs, bodyBytesMax }: Limits,
  signal: AbortSignal,
): Promise<Reply> {
  if (signal.aborted) return Promise.resolve({ kind: 'silence', mayHaveLeft: false, remark: givenUp });
  const course: Course = { controller: null, mayHaveLeft: false, over: false, head: null, chunks: [], sizeBytes: 0 };
  return new Promise((resolve) => {
    const end = (trouble: Remark | null) => {
      if (course.over) return;
      course.over = true;
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
      resolve(replyOf(course, trouble));
    };
    const interrupt = (trouble: Remark) => {
      end(trouble);
      course.controller?.abort(new Error(trouble.text));
    };
    const timer = setTimeout(() => interrupt(timeoutAfter(timeoutMs, course)), timeoutMs);
    const onAbort = () => interrupt(givenUp);
    signal.addEventListener('abort', onAbort);
    dispatcher.dispatch(
      { ...request, headersTimeout: timeoutMs, bodyTimeout: timeoutMs },
      listenerOf(course, bodyBytesMax, end, interrupt),
    );
  });
}

function listenerOf(
  course: Course,
  bodyBytesMax: number,
  end: (trouble: Remark | null) => void,
  interrupt: (trouble: Remark) => void,
): Dispatcher.DispatchHandler {
  return {
    onRequestStart(controller) {
      // Second start: undici puts a request back in its queue when a socket closes for a harmless reason. Never twice.
      if (course.over || course.mayHaveLeft) {
        controller.abort(new Error('the exchange is over'));
        return;
      }
      course.controller = controller;
      course.mayHaveLeft = true;
    },
    onResponseStart(_controller, statusCode, headers) {
      if (statusCode >= 200) course.head = { statusCode, headers };
    },
    onResponseData(_controller, chunk) {
      course.sizeBytes += chunk.byteLength;
      if (course.sizeBytes > bodyBytesMax) interrupt(tooLarge(bodyBytesMax));
      else course.chunks.push(chunk);
    },
    onResponseEnd: () => end(null),
    onResponseError: (_controller, error) => end(remarkOn(error)),
  };
}

function timeoutAfter(timeoutMs: number, { mayHaveLeft }: Course): Remark {
  return mayHaveLeft
    ? remark(`timeout: no complete answer within ${timeoutMs} ms`, 'call_unanswered', { within_ms: timeoutMs })
    : remark(`timeout: no connection within ${timeoutMs} ms`, 'call_unconnected', { within_ms: timeoutMs });
}

function tooLarge(bodyBytesMax: number): Remark {
  return remark(`answer larger than ${bodyBytesMax} bytes`, 'call_too_large', { bytes_max: bodyBytesMax });
}

function replyOf({ head, chunks, mayHaveLeft }: Course, trouble: Remark | null): Reply {
  if (head === null) return { kind: 'silence', mayHaveLeft, remark: trouble ?? closed };
  return {
    kind: 'answer',
    statusCode: head.statusCode,
    header: (name) => [head.headers[name]].flat()[0] ?? null,
    text: decoder.decode(Buffer.concat(chunks)),
    whole: trouble === null,
  };
}
