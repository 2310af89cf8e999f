import type { StepName } from '@video-proxy/contracts';
import { type CredentialRecord, credentialStates, type StandingHolds, type VideoJobState } from '@video-proxy/core';
import type { LiveWorker, ServerLoad } from '@video-proxy/ledger';
import type { StepCounts } from '@video-proxy/queue';
import { Gauge, type Registry } from 'prom-client';

/** What all processes of an installation share, as it is now. */
export interface Installation {
  readonly jobs: Readonly<Record<VideoJobState, number>>;
  readonly steps: Readonly<Record<StepName, StepCounts>>;
  readonly pollOverdueMs: number;
  readonly pendingDeliveries: number;
  readonly credential: CredentialRecord | null;
  readonly holds: StandingHolds;
  readonly workers: readonly LiveWorker[];
  readonly load: ServerLoad;
}

export interface StorageState {
  readonly isWritable: boolean;
  /** Null where the storage has no disk that could be full. */
  readonly freeBytes: number | null;
}

/** @returns sets all gauges; null where the job store is away, or nothing is known about the storage */
export function installationMetrics(
  registry: Registry,
): (installation: Installation | null, storage: StorageState | null) => void {
  const clearings: (() => void)[] = [];
  const gauge = (name: string, help: string, ...labelNames: string[]) => {
    const made = new Gauge({ name: `video_proxy_${name}`, help, labelNames, registers: [registry] });
    // Of a gauge without labels `reset` would make a 0, which is a statement.
    clearings.push(() => (labelNames.length === 0 ? made.remove() : made.reset()));
    return made;
  };
  const up = gauge('redis_up', 'Whether the job store answers');
  const jobs = gauge('jobs', 'Jobs in the job store by state', 'state');
  const steps = gauge(
    'queue_steps',
    'Steps in the queues: waiting, active, or delayed to a later time',
    'step',
    'state',
  );
  const overdue = gauge(
    'poll_lag_seconds',
    'How long the oldest due poll has been overdue without a worker looking at it',
  );
  const deliveries = gauge('webhook_deliveries_pending', 'Webhooks that wait for a try, now or later');
  const credential = gauge('credential_state', 'What is known about the provider account: 1 for its state', 'state');
  const holds = gauge('holds', 'Holds that keep jobs waiting: ops, provider, account or model', 'scope');
  const workers = gauge('workers', 'Workers that have been heard of within 15 seconds');
  const unrecorded = gauge(
    'unrecorded_generations',
    'Accepted generations that no job knows, since the start of the live workers',
  );
  const memory = gauge('redis_memory_used_bytes', 'Memory of the job store that counts against its limit');
  const memoryMax = gauge('redis_memory_max_bytes', 'Memory limit of the job store; absent without one');
  const evicted = gauge('redis_evicted_keys', 'Keys that the job store has evicted since it started: must be 0');
  const writable = gauge('storage_writable', 'Whether the storage takes files');
  const free = gauge(
    'storage_free_bytes',
    'Room on the disk of the storage; absent when it is no disk of this machine',
  );

  const tell = (now: Installation) => {
    for (const [state, count] of Object.entries(now.jobs)) jobs.set({ state }, count);
    for (const [step, counts] of Object.entries(now.steps)) {
      for (const [state, count] of Object.entries(counts)) steps.set({ step, state }, count);
    }
    overdue.set(now.pollOverdueMs / 1_000);
    deliveries.set(now.pendingDeliveries);
    for (const state of credentialStates) {
      credential.set({ state }, (now.credential?.state ?? 'unchecked') === state ? 1 : 0);
    }
    for (const [scope, count] of Object.entries(holdCounts(now.holds))) holds.set({ scope }, count);
    workers.set(now.workers.length);
    unrecorded.set(now.workers.reduce((sum, { unrecordedGenerations = 0 }) => sum + unrecordedGenerations, 0));
    if (now.load.usedMemoryBytes !== null) memory.set(now.load.usedMemoryBytes);
    if (now.load.memoryMaxBytes !== null) memoryMax.set(now.load.memoryMaxBytes);
    evicted.set(now.load.evictedKeys);
  };

  return (installation, storage) => {
    for (const clear of clearings) clear();
    up.set(installation === null ? 0 : 1);
    if (installation !== null) tell(installation);
    if (storage === null) return;
    writable.set(storage.isWritable ? 1 : 0);
    if (storage.freeBytes !== null) free.set(storage.freeBytes);
  };
}

function holdCounts({ ops, provider, accounts, models }: StandingHolds): Record<string, number> {
  return {
    ops: ops === null ? 0 : 1,
    provider: provider === null ? 0 : 1,
    account: accounts.size,
    model: models.size,
  };
}
