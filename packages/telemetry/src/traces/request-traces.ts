import { AsyncLocalStorage } from 'node:async_hooks';
import type { JobObserver } from '../job-observer.ts';
import type { Span, SpanLink, TellSpan } from './span.ts';
import { newSpanId, rootIdOf, traceIdOf } from './trace-ids.ts';

/** A request that has been answered. */
export interface AnsweredRequest {
  readonly requestId: string;
  readonly method: string;
  /** With placeholders, because addresses hold ids and tokens. */
  readonly route: string;
  readonly statusCode: number;
  readonly beganAtMs: number;
  readonly endedAtMs: number;
}

/** One request, which may create jobs or change them. */
export interface RequestTrace {
  /** Whatever `work` begins, at once or later, belongs to the request. */
  run(work: () => void): void;
  end(request: AnsweredRequest): void;
}

/** @param traceparent what the caller sent of its own trace, to which the spans of the request are linked */
export type TraceRequest = (traceparent: string | undefined) => RequestTrace;

/** A request has a span in the trace of each job that it created or changed, and none otherwise. */
export function openRequestTraces(tell: TellSpan): {
  readonly jobs: Required<Pick<JobObserver, 'created' | 'changed'>>;
  readonly traceRequest: TraceRequest;
} {
  const current = new AsyncLocalStorage<Map<string, 'created' | 'changed'>>();
  const note = (jobId: string, what: 'created' | 'changed') => {
    const touched = current.getStore();
    if (touched?.has(jobId) === false) touched.set(jobId, what);
  };
  return {
    jobs: {
      created: ({ id }) => note(id, 'created'),
      changed: ({ job }) => note(job.id, 'changed'),
    },
    traceRequest(traceparent) {
      const touched = new Map<string, 'created' | 'changed'>();
      return {
        run: (work) => current.run(touched, work),
        end(request) {
          if (touched.size === 0) return;
          const link = linkOf(traceparent);
          for (const [jobId, what] of touched) {
            tell({ ...requestSpan(request, jobId, what === 'created'), ...(link === null ? {} : { link }) });
          }
        },
      };
    },
  };
}

function requestSpan(request: AnsweredRequest, jobId: string, isRoot: boolean): Span {
  const { requestId, method, route, statusCode, beganAtMs, endedAtMs } = request;
  return {
    traceId: traceIdOf(jobId),
    id: isRoot ? rootIdOf(jobId) : newSpanId(),
    parentId: isRoot ? null : rootIdOf(jobId),
    name: `${method} ${route}`,
    kind: 'server',
    beganAtMs,
    endedAtMs,
    attributes: {
      'http.request.method': method,
      'http.route': route,
      'http.response.status_code': statusCode,
      'video_proxy.job.id': jobId,
      'video_proxy.request_id': requestId,
    },
    error: statusCode >= 500 ? String(statusCode) : null,
  };
}

const shape = /^(?!ff)[\da-f]{2}-(?!0{32})([\da-f]{32})-(?!0{16})([\da-f]{16})-([\da-f]{2})(?:-|$)/;

/** By W3C's rules; anything else is no traceparent. */
function linkOf(traceparent: string | undefined): SpanLink | null {
  const [, traceId, spanId, flags] = shape.exec(traceparent ?? '') ?? [];
  if (traceId === undefined || spanId === undefined || flags === undefined) return null;
  return { traceId, spanId, flags: Number.parseInt(flags, 16) };
}
