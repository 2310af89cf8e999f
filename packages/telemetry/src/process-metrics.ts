import { collectDefaultMetrics, Gauge, Registry } from 'prom-client';

export interface ProcessDescription {
  readonly process: 'api' | 'worker';
  readonly version: string;
}

/** What every process tells of itself: the runtime's own figures under their usual names, and which build it is. */
export function openRegistry({ process: name, version }: ProcessDescription): Registry {
  const registry = new Registry();
  registry.setDefaultLabels({ process: name });
  collectDefaultMetrics({ register: registry });
  const build = new Gauge({
    name: 'video_proxy_build_info',
    help: 'Always 1: the version of this program and of Node',
    labelNames: ['version', 'node'],
    registers: [registry],
  });
  build.set({ version, node: process.versions.node }, 1);
  return registry;
}
