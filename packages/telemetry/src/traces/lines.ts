import type { TraceSettings } from '@video-proxy/contracts';
import { isSampled, traceIdOf } from './trace-ids.ts';

type Line = Record<string, unknown>;

/** For a logger's formatters: a line about a job names its trace too, by the name that OpenTelemetry gives it in logs. */
export function namingTraces(settings: TraceSettings | null): { readonly log?: (line: Line) => Line } {
  if (settings === null) return {};
  const { sampledShare } = settings;
  return {
    log(line) {
      const { jobId } = line;
      if (typeof jobId !== 'string') return line;
      const traceId = traceIdOf(jobId);
      return isSampled(traceId, sampledShare) ? { ...line, trace_id: traceId } : line;
    },
  };
}
