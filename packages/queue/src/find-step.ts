import type { JobStepName, StepName, StepPayloads } from '@video-proxy/contracts';
import type { Queue } from 'bullmq';
import { dueMsOf, type RedisConnection } from './queues.ts';

/** A step as the queue has it now. */
export interface FoundStep {
  readonly step: StepName;
  readonly state: 'waiting' | 'delayed' | 'active' | 'failed' | 'other';
  /** When one that waits for its time is due. */
  readonly dueMs: number | null;
  readonly trouble: { readonly kind: string; readonly count: number } | null;
}

const states: Readonly<Record<string, FoundStep['state']>> = {
  wait: 'waiting',
  waiting: 'waiting',
  prioritized: 'waiting',
  delayed: 'delayed',
  active: 'active',
  failed: 'failed',
};

export async function findStep(
  { queue, redis }: { readonly queue: Queue; readonly redis: RedisConnection },
  step: StepName,
  id: string,
): Promise<FoundStep | null> {
  const job = await queue.getJob(id);
  if (job === undefined) return null;
  const [state, score] = await Promise.all([job.getState(), redis.zscore(queue.toKey('delayed'), id)]);
  const { trouble = null } = job.data as Partial<StepPayloads[JobStepName]>;
  return {
    step,
    state: states[state] ?? 'other',
    dueMs: score === null ? null : dueMsOf(score),
    trouble,
  };
}
