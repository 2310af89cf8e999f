import type { TraceSettings } from '@video-proxy/contracts';
import type { JobObserver } from '../job-observer.ts';
import type { ProcessDescription } from '../process-metrics.ts';
import { openCollector } from './collector.ts';
import { spansEndedBy } from './job-spans.ts';
import { openRequestTraces, type TraceRequest } from './request-traces.ts';
import type { TellSpan } from './span.ts';
import { openStepTraces, type StepTraces } from './step-traces.ts';
import { isSampled } from './trace-ids.ts';

/**
 * What one process tells of the traces of jobs. A span is told when it is over: so none is open when a process dies, and whoever
 * goes on tells the rest.
 */
export interface Traces extends StepTraces, AsyncDisposable {
  readonly jobs: JobObserver;
  /** Null when nobody wants traces. */
  readonly traceRequest: TraceRequest | null;
}

interface TraceLog {
  info(line: object, text: string): void;
  warn(line: object, text: string): void;
}

interface TracesOptions extends ProcessDescription {
  readonly settings: TraceSettings | null;
  readonly log: TraceLog;
  readonly now: () => number;
}

export async function openTraces({ settings, log, now, ...description }: TracesOptions): Promise<Traces> {
  if (settings === null) return noTraces;
  const { serviceName, sampledShare } = settings;
  const collector = await openCollector(settings, description, {
    away: (finding) => log.warn({ finding }, 'the collector does not take traces: they are dropped until it does'),
    back: () => log.info({}, 'the collector takes traces again'),
  });
  log.info({ collector: new URL(settings.url).host, serviceName, sampledShare }, 'traces of jobs are sent');
  const tell: TellSpan = (span) => {
    if (isSampled(span.traceId, sampledShare)) collector.send(span);
  };
  const requests = openRequestTraces(tell);
  const steps = openStepTraces(tell, now);
  return {
    ...steps,
    traceRequest: requests.traceRequest,
    jobs: {
      created: requests.jobs.created,
      changed(change) {
        requests.jobs.changed(change);
        steps.jobs.changed(change);
        for (const span of spansEndedBy(change)) tell(span);
      },
    },
    [Symbol.asyncDispose]: () => collector[Symbol.asyncDispose](),
  };
}

/** Everything stays as it is. */
const noTraces: Traces = {
  jobs: { changed: () => {} },
  traceRequest: null,
  traceSteps: (handlers) => handlers,
  providerCalls: () => () => {},
  traceFetches: (fetcher) => fetcher,
  traceWebhooks: (caller) => caller,
  async [Symbol.asyncDispose]() {},
};
