import { setTimeout as pause } from 'node:timers/promises';
import { ledgerKeys } from './keys.ts';
import { type Safeguards, safeguardsOf } from './safeguards.ts';
import { type LedgerTools, loadScripts, type RedisConnection } from './scripts.ts';

/**
 * Redis confirms a write before a replica or the disk has it, so a failover or a power cut can forget it. Who is about to do
 * what cannot be undone waits here first.
 */
export interface Durability {
  /**
   * Whether everything that was written before would survive the loss of the server, as far as there is a replica or a
   * disk that can be waited for; at most a few seconds. False means that it is not known.
   */
  settle(): Promise<boolean>;
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
/** Replicas come and go seldom, and a failed wait looks at once. */
const safeguardsMaxAgeMs = 10_000;
/**
 * A server that has just lost its last replica may be about to lose its office as well, to that replica. Only after this
 * time, longer than a failover usually takes, is it taken to be alone.
 */
const aloneAfterMs = 60_000;

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
  const keys = ledgerKeys(namespace);
  const tools: LedgerTools = { redis: connection, scripts: loadScripts(connection), keys };
  const known = rememberSafeguards(tools, now);

  async function confirm(): Promise<boolean> {
    // A patient connection would keep what is sent now for later.
    if (connection.status !== 'ready') return false;
    if (await passes(await known.recent())) return true;
    const again = await known.fresh();
    return !again.replica && !again.disk;
  }

  async function passes({ replica, disk }: Safeguards): Promise<boolean> {
    if (!replica && !disk) return true;
    // Replication and the file have one order: whatever has this write has all that came before it, from any connection.
    const commands = connection.pipeline().set(keys.barrier, '');
    if (replica) commands.wait(1, replicaPatienceMs);
    if (disk) commands.call('WAITAOF', 1, 0, diskPatienceMs);
    const replies = (await commands.exec()) ?? [];
    return replies.every(([error, reply]) => error === null && holds(reply));
  }

  let wasSettled = true;
  return {
    settle: inTurns(async () => {
      const tooLate = pause(replicaPatienceMs + diskPatienceMs + slackMs, false, { ref: false });
      const isSettled = await Promise.race([confirm().catch(() => false), tooLate]);
      if (isSettled && !wasSettled) reports.settledAgain();
      if (!isSettled && wasSettled) reports.unsettled();
      wasSettled = isSettled;
      return isSettled;
    }),
  };
}

/** The answer to SET, the replicas of WAIT, the disks and replicas of WAITAOF. */
function holds(reply: unknown): boolean {
  const [first] = Array.isArray(reply) ? reply : [reply];
  return first === 'OK' || Number(first) >= 1;
}

/** Whoever comes while one run is under way shares the next: its beginning is after their write. */
function inTurns(run: () => Promise<boolean>): () => Promise<boolean> {
  let current: Promise<unknown> = Promise.resolve();
  let next: Promise<boolean> | null = null;
  return () => {
    next ??= current.then(() => {
      next = null;
      const started = run();
      current = started;
      return started;
    });
    return next;
  };
}

function rememberSafeguards(tools: LedgerTools, now: () => number) {
  let last: { readonly safeguards: Safeguards; readonly atMs: number } | null = null;
  let isFollowed = false;
  let aloneSinceMs: number | null = null;

  async function fresh(): Promise<Safeguards> {
    const { replica, disk } = await safeguardsOf(tools);
    if (replica) {
      isFollowed = true;
      aloneSinceMs = null;
    } else if (isFollowed) {
      aloneSinceMs ??= now();
      isFollowed = now() - aloneSinceMs < aloneAfterMs;
    }
    const safeguards = { replica: isFollowed, disk };
    last = { safeguards, atMs: now() };
    return safeguards;
  }

  return {
    fresh,
    /** Only the first caller waits for what is learnt: a step costs one round trip at most. */
    async recent(): Promise<Safeguards> {
      if (last === null) return fresh();
      if (now() - last.atMs >= safeguardsMaxAgeMs) fresh().catch(() => undefined);
      return last.safeguards;
    },
  };
}
