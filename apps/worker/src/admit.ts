import { randomUUID } from 'node:crypto';
import type { Passage, StandingHolds } from '@video-proxy/core';
import type { Holds } from '@video-proxy/ledger';
import type { Logger } from 'pino';

/**
 * The leave to send one create request, to be disposed of when its answer has been taken in. A trial is given to one at a
 * time among all workers; who disposes of it lets the next one in. That of a worker that died is ended by
 * upkeep/end-dead-trial.ts.
 */
export type Admission = Passage & AsyncDisposable;

export interface AdmissionParts {
  readonly workerId: string;
  readonly holds: Pick<Holds, 'read' | 'takeTrial' | 'endTrial'>;
  readonly passage: (holds: StandingHolds) => Promise<Passage>;
  readonly log: Logger;
  readonly now: () => number;
}

export async function admit({ workerId, holds, passage, log, now }: AdmissionParts): Promise<Admission> {
  const look = async () => passage(await holds.read());
  const seen = await look();
  if (seen.kind !== 'trial') return withoutTrial(seen);

  const holder = randomUUID();
  if (!(await holds.takeTrial({ holder, worker: workerId, untilMs: now() + seen.othersWaitMs }, now()))) {
    const other = await look();
    return withoutTrial(other.kind === 'trial' ? { kind: 'held' } : other);
  }
  const end = () =>
    holds
      .endTrial(holder)
      .catch((error: unknown) => log.warn({ err: error }, 'a trial could not be ended: it runs out'));
  // Looked at again: another trial may have been refused and ended between the look and the taking.
  const standing = await passage({ ...(await holds.read()), trial: null });
  if (standing.kind === 'trial') return { ...standing, [Symbol.asyncDispose]: end };
  await end();
  return withoutTrial(standing);
}

function withoutTrial(passage: Passage): Admission {
  return { ...passage, [Symbol.asyncDispose]: async () => undefined };
}
