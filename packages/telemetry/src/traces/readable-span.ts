import type { Attributes, HrTime, Link } from '@opentelemetry/api';
import type { ReadableSpan } from '@opentelemetry/sdk-trace';
import type { Span, SpanAttributes } from './span.ts';

/** OpenTelemetry's words, loaded by whoever needs them. */
type Words = Pick<typeof import('@opentelemetry/api'), 'SpanKind' | 'SpanStatusCode' | 'TraceFlags'>;

/** Spans as OpenTelemetry's exporters read them: all from one process. */
export function spanWriter(
  { SpanKind, SpanStatusCode, TraceFlags }: Words,
  origin: Pick<ReadableSpan, 'resource' | 'instrumentationScope'>,
): (span: Span) => ReadableSpan {
  const kinds = { internal: SpanKind.INTERNAL, server: SpanKind.SERVER, client: SpanKind.CLIENT };
  const contextOf = (traceId: string, spanId: string) => ({ traceId, spanId, traceFlags: TraceFlags.SAMPLED });
  return (span) => ({
    ...origin,
    name: span.name,
    kind: kinds[span.kind],
    spanContext: () => contextOf(span.traceId, span.id),
    ...(span.parentId === null ? {} : { parentSpanContext: contextOf(span.traceId, span.parentId) }),
    startTime: timeOf(span.beganAtMs),
    endTime: timeOf(span.endedAtMs),
    duration: timeOf(span.endedAtMs - span.beganAtMs),
    status: span.error === null ? { code: SpanStatusCode.UNSET } : { code: SpanStatusCode.ERROR, message: span.error },
    attributes: known({ ...span.attributes, 'error.type': span.error }),
    links: linksOf(span),
    events: [],
    ended: true,
    droppedAttributesCount: 0,
    droppedEventsCount: 0,
    droppedLinksCount: 0,
  });
}

/** Seconds and nanoseconds. */
function timeOf(ms: number): HrTime {
  const seconds = Math.floor(ms / 1_000);
  return [seconds, Math.floor((ms - seconds * 1_000) * 1e6)];
}

function known(attributes: SpanAttributes): Attributes {
  const entries = Object.entries(attributes);
  return Object.fromEntries(entries.filter(([, value]) => value !== null && value !== undefined)) as Attributes;
}

function linksOf({ link }: Span): Link[] {
  if (link === undefined) return [];
  const { traceId, spanId, flags } = link;
  return [{ context: { traceId, spanId, traceFlags: flags, isRemote: true } }];
}
