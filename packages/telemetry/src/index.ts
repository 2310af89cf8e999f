/**
 * What the processes tell about themselves: figures for Prometheus, and a trace of each job for an OTLP collector. Everything is told from a few
 * seams (what was written about a job, a call to the provider, a step), so nothing else has to know that it is watched.
 */
export { deliveryLines, deliveryNames } from './delivery-lines.ts';
export { type DeliveryNews, type DeliveryObserver, observedDeliveries } from './delivery-observer.ts';
export {
  eventLines,
  type InstallationEvent,
  installationLines,
  type LoggedEvent,
  writeLine,
} from './event-lines.ts';
export { jobLines, writeObservation } from './job-lines.ts';
export { type JobChange, type JobObserver, observed } from './job-observer.ts';
export { type Exposition, type Metrics, type MetricsOptions, openMetrics } from './metrics.ts';
export { type MetricsServer, openMetricsServer } from './metrics-server.ts';
export { writePause } from './pause-lines.ts';
export type { ProviderCall } from './provider-metrics.ts';
export { namingTraces } from './traces/lines.ts';
export type { RequestTrace, TraceRequest } from './traces/request-traces.ts';
export { openTraces, type Traces } from './traces/traces.ts';
