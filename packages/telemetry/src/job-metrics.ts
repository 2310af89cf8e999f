import { isTerminal, type Lifecycle, type VideoJob } from '@video-proxy/core';
import { Counter, Histogram, type Registry } from 'prom-client';
import type { JobObserver } from './job-observer.ts';
import { phaseEndedBy } from './phases.ts';

/** From a cached poll to a generation that takes the whole of its time. */
const phaseSeconds = [0.1, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600, 1_200, 1_800, 3_600];

/**
 * Jobs as this process moves them on.
 *
 * @param modelName the name of a model as a label: one of a list that does not grow with what users send
 */
export function jobMetrics(registry: Registry, modelName: (model: string) => string): JobObserver {
  const registers = [registry];
  const created = new Counter({
    name: 'video_proxy_jobs_created_total',
    help: 'Jobs taken in by this process',
    labelNames: ['model'],
    registers,
  });
  const ended = new Counter({
    name: 'video_proxy_jobs_ended_total',
    help: 'Jobs whose end this process has written, by how they ended; code is none for a completed one',
    labelNames: ['status', 'model', 'code'],
    registers,
  });
  const phases = new Histogram({
    name: 'video_proxy_job_phase_duration_seconds',
    help: 'How long jobs were in a phase that this process saw end; generating counts from the sending of the request',
    labelNames: ['phase'],
    buckets: phaseSeconds,
    registers,
  });
  return {
    created: ({ model }) => created.inc({ model: modelName(model) }),
    changed({ previous, job, atMs }) {
      const phase = phaseEndedBy(previous.lifecycle, job.lifecycle);
      if (phase !== null) phases.observe({ phase: phase.phase }, Math.max(0, atMs - phase.sinceMs) / 1_000);
      if (hasEnded(previous, job)) {
        const status = job.lifecycle.state;
        ended.inc({ status, model: modelName(job.model), code: codeOf(job.lifecycle) });
      }
    },
  };
}

const hasEnded = (previous: VideoJob, job: VideoJob): boolean =>
  isTerminal(job.lifecycle.state) && !isTerminal(previous.lifecycle.state);

function codeOf(lifecycle: Lifecycle): string {
  if (lifecycle.state === 'failed') return lifecycle.failure.code;
  return lifecycle.state === 'cancelled' ? 'cancelled' : 'none';
}
