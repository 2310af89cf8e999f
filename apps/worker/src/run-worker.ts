import { isTerminal, type VideoJobState } from '@video-proxy/core';
import type { Serving, StepHandlers } from '@video-proxy/queue';
import { answerProbes, answerReloads, type WorkerKey } from './operator-questions.ts';
import { notifyStep } from './steps/notify.ts';
import { pollStep } from './steps/poll.ts';
import { storeStep } from './steps/store.ts';
import { submitStep, turnRules } from './steps/submit.ts';
import { announceEnds, restoreDeliveries } from './upkeep/announce.ts';
import { carryOutBulk } from './upkeep/bulk.ts';
import { openDeadTrialWatch } from './upkeep/end-dead-trial.ts';
import { endPause } from './upkeep/end-pause.ts';
import { every } from './upkeep/every.ts';
import { openHoldExpiry } from './upkeep/expire-holds.ts';
import { deleteLeftFiles, sweepDisk } from './upkeep/leftovers.ts';
import { reconcile } from './upkeep/reconcile.ts';
import { removeExpired } from './upkeep/retention.ts';
import { removeUnusedInputs } from './upkeep/unused-inputs.ts';
import type { WorkerParts } from './worker-parts.ts';

const heartbeatIntervalMs = 5_000;
const accountIntervalMs = 1_000;
/** Changes of the holds are heard at once; this is for those nobody announces, such as the end of a pause. */
const holdsIntervalMs = 1_000;
/** Ends of jobs are heard at once; this is for those that nobody heard of. */
const announceIntervalMs = 1_000;
const holdExpiryIntervalMs = 5_000;
const trialIntervalMs = 5_000;
/** Questions are heard at once; this is for a message that was lost. */
const questionsIntervalMs = 5_000;
const bulkIntervalMs = 1_000;
const reconcileIntervalMs = 10_000;
const retentionIntervalMs = 60_000;
const sweepIntervalMs = 600_000;
const upkeepLease = 'upkeep';
/** One worker does for all what concerns all jobs; a dead one is replaced after this time. */
const leaseMs = 15_000;
/** `npm start` waits 10 s for its processes: a create request in hand deserves most of that. */
const closeTimeoutMs = 8_000;

export interface WorkerOptions {
  readonly version: string;
  readonly host: string;
  readonly key: WorkerKey;
  readonly serve: (handlers: StepHandlers) => Serving;
}

/** Serves the steps and does the upkeep that no step does. Closing it waits for the steps in hand. */
export function runWorker(parts: WorkerParts, options: WorkerOptions): AsyncDisposable {
  const { workerId } = parts;
  const startedAtMs = parts.now();
  const serving = options.serve({
    submit: submitStep(parts),
    poll: pollStep(parts),
    store: storeStep(parts),
    notify: notifyStep(parts),
  });

  const beat = () =>
    parts.ledger.workers.beat(
      {
        id: workerId,
        version: options.version,
        role: 'worker',
        startedAtMs,
        host: options.host,
        keyFingerprint: options.key.current().fingerprint,
        keySource: options.key.source,
        stepsInHand: serving.inHand(),
        provider: parts.provider.name,
        unrecordedGenerations: parts.unrecordedGenerations.value(),
      },
      parts.now(),
    );
  const led = (task: () => Promise<void>) => async () => {
    if (await parts.ledger.leases.acquire(upkeepLease, workerId, leaseMs)) await task();
  };
  let mayGo = true;
  const gate = keepUp(parts, 'holds', holdsIntervalMs, async () => {
    mayGo = await followHolds(parts, serving);
  });
  const announcing = keepUp(
    parts,
    'webhooks',
    announceIntervalMs,
    led(() => announceEnds(parts)),
  );
  // Each kind on its own: an answer of the provider may take its time.
  const answers = [
    keepUp(parts, 'probes', questionsIntervalMs, answerProbes(parts, options.key)),
    keepUp(parts, 'key reloads', questionsIntervalMs, answerReloads(parts, options)),
  ];
  const unsubscribe = parts.ledger.changes.onAny((change) => {
    if (change.kind !== 'job' || (!mayGo && mayFreeTurns(change.state))) gate.wake();
    if (change.kind === 'job' && change.state !== null && isTerminal(change.state)) announcing.wake();
    if (change.kind === 'questions' || change.kind === 'look_again') for (const answering of answers) answering.wake();
  });
  const upkeep = [
    gate,
    announcing,
    ...answers,
    keepUp(parts, 'heartbeat', heartbeatIntervalMs, beat),
    keepUp(parts, 'account', accountIntervalMs, (signal) => parts.account.check(signal)),
    keepUp(parts, 'hold expiry', holdExpiryIntervalMs, led(openHoldExpiry(parts))),
    keepUp(
      parts,
      'pause of the operators',
      holdExpiryIntervalMs,
      led(() => endPause(parts)),
    ),
    keepUp(parts, 'trials', trialIntervalMs, led(openDeadTrialWatch(parts))),
    keepUp(
      parts,
      'reconcile',
      reconcileIntervalMs,
      led(async () => {
        await reconcile(parts);
        await restoreDeliveries(parts);
      }),
    ),
    keepUp(parts, 'bulk actions', bulkIntervalMs, (signal) => carryOutBulk(parts, signal)),
    keepUp(
      parts,
      'failure groups',
      reconcileIntervalMs,
      led(async () => void (await parts.ledger.failures.adopt())),
    ),
    keepUp(
      parts,
      'retention',
      retentionIntervalMs,
      led(() => removeExpired(parts)),
    ),
    keepUp(
      parts,
      'files left behind',
      retentionIntervalMs,
      led(() => deleteLeftFiles(parts)),
    ),
    keepUp(
      parts,
      'unused inputs',
      retentionIntervalMs,
      led(() => removeUnusedInputs(parts)),
    ),
    keepUp(parts, 'temporary files', sweepIntervalMs, () => sweepDisk(parts)),
  ];

  return {
    async [Symbol.asyncDispose]() {
      unsubscribe();
      await Promise.all([serving.close(closeTimeoutMs), ...upkeep.map((task) => task.close())]);
      // A courtesy: both run out by themselves.
      const { leases, workers } = parts.ledger;
      await Promise.allSettled([leases.release(upkeepLease, workerId), workers.gone(workerId)]);
    },
  };
}

function keepUp(parts: WorkerParts, task: string, intervalMs: number, run: (signal: AbortSignal) => Promise<unknown>) {
  return every(intervalMs, run, {
    failed: (error) => parts.log.error({ err: error, task }, 'upkeep failed: trying again'),
    recovered: () => parts.log.info({ task }, 'upkeep works again'),
  });
}

/** A job that comes or ends: either may be what the others, or itself, waited for. */
function mayFreeTurns(state: VideoJobState | null): boolean {
  return state === null || state === 'queued' || isTerminal(state);
}

/**
 * Submissions of this process stop while everything is held, or while no waiting job may go, and go on, in their order, when
 * that is over.
 */
async function followHolds(parts: WorkerParts, serving: Serving): Promise<boolean> {
  const passage = await parts.account.passage();
  const mayGo =
    passage.kind !== 'held' &&
    (await parts.ledger.turns.peek(turnRules(parts, passage.heldModels), parts.now())) !== 'blocked';
  await (mayGo ? serving.resume('submit') : serving.pause('submit'));
  return mayGo;
}
