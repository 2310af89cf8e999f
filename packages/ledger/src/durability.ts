import { setTimeout as pause } from 'node:timers/promises';
import type { VideoJob } from '@video-proxy/core';
import { ledgerKeys } from './keys.ts';
import { rememberSafeguards, type Safeguards } from './safeguards.ts';
import { type LedgerTools, loadScripts, type RedisConnection } from './scripts.ts';
import { readJob } from './stored-job.ts';
import { ownUlidOf } from './video-job-id.ts';

type BegunJob = Pick<VideoJob, 'id' | 'attempt'>;

/**
 * Redis confirms a write before a replica or the disk has it, so a failover or a power cut can forget it. Who is about to do
 * what cannot be undone waits here first.
 */
export interface Durability {
  /**
   * Whether the record that this attempt was begun would survive the loss of the server, as far as there is a replica or a
   * disk that can be waited for; at most a few seconds. False means that it is not known, or that a server which took over
   * meanwhile has never heard of it.
   */
  settle(job: BegunJob): Promise<boolean>;
}

/** Once when it begins that writes cannot be settled, and once when it ends. */
export interface DurabilityReports {
  unsettled(): void;
  settledAgain(): void;
}

const replicaPatienceMs = 1_000;
/** The disk has it a second later at the latest; the rest is for a disk that is busy. */
const diskPatienceMs = 2_000;
/** For a connection that hangs. */
const slackMs = 1_000;

/**
 * @param connection one of its own, and a patient one: waiting blocks all that comes after it on the same connection
 */
export function openDurability({
  connection,
  namespace,
  reports,
  now,
}: {
  readonly connection: RedisConnection;
  readonly namespace: string;
  readonly reports: DurabilityReports;
  readonly now: () => number;
}): Durability {
  const tools: LedgerTools = { redis: connection, scripts: loadScripts(connection), keys: ledgerKeys(namespace) };
  const safeguards = rememberSafeguards(tools, now);
  let wasSettled = true;

  async function confirm(jobs: readonly BegunJob[]): Promise<readonly BegunJob[]> {
    // A patient connection would keep what is sent now for later.
    if (connection.status !== 'ready') return [];
    const settled = await settledAmong(tools, await safeguards.recent(), jobs);
    if (settled !== null) return settled;
    const again = await safeguards.fresh();
    return again.replica || again.disk ? [] : ((await settledAmong(tools, again, jobs)) ?? []);
  }

  return {
    settle: together(async (jobs) => {
      const tooLate = pause(replicaPatienceMs + diskPatienceMs + slackMs, [], { ref: false });
      const settled = await Promise.race([confirm(jobs).catch(() => []), tooLate]);
      const isSettled = settled.length > 0;
      if (isSettled && !wasSettled) reports.settledAgain();
      if (!isSettled && wasSettled) reports.unsettled();
      wasSettled = isSettled;
      return settled;
    }),
  };
}

/**
 * One round trip. Replication and the file have one order: whatever has the write that is made here has all that came
 * before it, from any connection. The records are read again behind it, because this connection may have found a new
 * server while the one that they were written through still talked to the old one.
 *
 * @returns null when replica or disk did not confirm in time
 */
async function settledAmong(
  { redis, keys }: LedgerTools,
  { replica, disk }: Safeguards,
  jobs: readonly BegunJob[],
): Promise<readonly BegunJob[] | null> {
  const commands = redis.pipeline();
  if (replica || disk) commands.set(keys.barrier, '');
  if (replica) commands.wait(1, replicaPatienceMs);
  if (disk) commands.call('WAITAOF', 1, 0, diskPatienceMs);
  const confirmations = commands.length;
  for (const { id } of jobs) commands.lindex(keys.job(ownUlidOf(id)), 0);
  const replies = (await commands.exec()) ?? [];
  if (!replies.slice(0, confirmations).every(([error, reply]) => error === null && holds(reply))) return null;
  return jobs.filter((job, index) => isBegun(job, replies[confirmations + index]?.[1]));
}

/** The answer to SET, the replicas of WAIT, the disks and replicas of WAITAOF. */
function holds(reply: unknown): boolean {
  const [first] = Array.isArray(reply) ? reply : [reply];
  return first === 'OK' || Number(first) >= 1;
}

function isBegun({ id, attempt }: BegunJob, document: unknown): boolean {
  if (typeof document !== 'string') return false;
  const { job } = readJob(ownUlidOf(id), document);
  return job.attempt === attempt && job.lifecycle.state !== 'queued';
}

/** Whoever comes while one run is under way shares the next: its beginning is after their write. */
function together(run: (jobs: readonly BegunJob[]) => Promise<readonly BegunJob[]>): Durability['settle'] {
  let current: Promise<unknown> = Promise.resolve();
  let next: { readonly jobs: BegunJob[]; readonly settled: Promise<readonly BegunJob[]> } | null = null;

  function begin() {
    const jobs: BegunJob[] = [];
    const settled = current.then(() => {
      next = null;
      const running = run(jobs);
      current = running;
      return running;
    });
    return { jobs, settled };
  }

  return async (job) => {
    next ??= begin();
    const { jobs, settled } = next;
    jobs.push(job);
    return (await settled).includes(job);
  };
}
