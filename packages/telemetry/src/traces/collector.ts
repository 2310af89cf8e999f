import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import type { SpanExporter } from '@opentelemetry/sdk-trace';
import type { TraceSettings } from '@video-proxy/contracts';
import type { ProcessDescription } from '../process-metrics.ts';
import { spanWriter } from './readable-span.ts';
import type { Span } from './span.ts';

/** Said when it begins and when it is over, not for each span. `finding` is a status or a code: no address, no header. */
export interface CollectorReports {
  away(finding: string): void;
  back(): void;
}

export interface Collector extends AsyncDisposable {
  /** Never waits, never throws. */
  send(span: Span): void;
}

/** Spans that wait for the collector; what comes beyond is dropped. */
const waitingMax = 4_096;
const batchMax = 512;
/** A process that is killed takes along what it has not sent. */
const sendIntervalMs = 1_000;
/** Of one batch, with its repetitions. */
const timeoutMs = 10_000;
/** The end of the process does not wait longer. */
const closeTimeoutMs = 2_000;

/** The way to an OTLP collector. OpenTelemetry's code is loaded here and nowhere else, so that without traces it costs nothing. */
export async function openCollector(
  { url, headers, serviceName }: TraceSettings,
  { process: role, version }: ProcessDescription,
  reports: CollectorReports,
): Promise<Collector> {
  const [words, { resourceFromAttributes }, { BatchSpanProcessor }, { OTLPTraceExporter }] = await Promise.all([
    import('@opentelemetry/api'),
    import('@opentelemetry/resources'),
    import('@opentelemetry/sdk-trace'),
    import('@opentelemetry/exporter-trace-otlp-http'),
  ]);
  const resource = resourceFromAttributes({
    'service.name': serviceName,
    'service.version': version,
    'service.instance.id': randomUUID(),
    'host.name': hostname(),
    'process.pid': process.pid,
    'video_proxy.process': role,
  });
  const written = spanWriter(words, { resource, instrumentationScope: { name: 'video-proxy', version } });
  const exporter = new OTLPTraceExporter({ url, headers: { ...headers }, timeoutMillis: timeoutMs });
  const line = waitingLine(exporter, reports);
  const processor = new BatchSpanProcessor({
    exporter: line.exporter,
    maxQueueSize: waitingMax,
    maxExportBatchSize: batchMax,
    scheduledDelayMillis: sendIntervalMs,
    exportTimeoutMillis: 2 * timeoutMs,
  });
  return {
    send(span) {
      if (line.enter()) processor.onEnd(written(span));
    },
    async [Symbol.asyncDispose]() {
      const given = processor.shutdown().catch(() => undefined);
      await Promise.race([given, pause(closeTimeoutMs, undefined, { ref: false })]);
    },
  };
}

/** The exporter, with the spans that wait for it counted, and how it fares told once. */
function waitingLine(exporter: SpanExporter, { away, back }: CollectorReports) {
  let waiting = 0;
  let isAway = false;
  const fails = (finding: string) => {
    if (!isAway) away(finding);
    isAway = true;
  };
  const works = () => {
    // Not before it has caught up: one that is too slow would come and go all the time.
    if (!isAway || waiting > batchMax) return;
    isAway = false;
    back();
  };
  const counted: SpanExporter = {
    export(spans, done) {
      exporter.export(spans, (result) => {
        waiting -= spans.length;
        if (result.error !== undefined) fails(findingOf(result.error));
        else works();
        done(result);
      });
    },
    shutdown: () => exporter.shutdown(),
  };
  return {
    exporter: counted,
    /** Whether there is room for one more. */
    enter(): boolean {
      const hasRoom = waiting < waitingMax;
      if (hasRoom) waiting += 1;
      else fails('it takes spans more slowly than they come');
      return hasRoom;
    },
  };
}

/** An HTTP status, a code of the network, or OpenTelemetry's own words; never what the collector said. */
function findingOf(error: Error): string {
  const code = 'code' in error ? error.code : undefined;
  if (typeof code === 'number') return `it answered ${code}`;
  return typeof code === 'string' ? code : error.message;
}
