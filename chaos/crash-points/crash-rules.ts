import type { VideoJobWire } from '@video-proxy/contracts';
import { nameOf, type Point } from './gate.ts';

/** One death of one process, and what became of the job that it was at work on. */
export interface CrashOutcome {
  readonly process: 'worker' | 'API';
  readonly point: Point;
  /** Whether the process came to this point at all. */
  readonly met: boolean;
  /** Whether it is open at this point if the request was sent, so that nobody may send it again. */
  readonly canBeUnsent: boolean;
  readonly job: VideoJobWire | null;
  readonly creates: { readonly received: number; readonly accepted: number };
}

/** A process under load takes another way now and then: upkeep comes first, or a poll comes too early. */
const metShareMin = 0.8;

/** Nobody but the process dies, so there is one right end: the video; or, where the request never left, the truth about that. */
export function brokenByCrashes(outcomes: readonly CrashOutcome[]): string[] {
  const met = outcomes.filter((outcome) => outcome.met).length;
  const tooFew = met < outcomes.length * metShareMin || met === 0;
  return [
    ...(tooFew ? [`only ${met} of ${outcomes.length} crash points were met`] : []),
    ...outcomes.flatMap(brokenByCrash),
  ];
}

function brokenByCrash({ point, canBeUnsent, job, creates: { received, accepted } }: CrashOutcome): string[] {
  if (job === null) return [`a job is lost: ${nameOf(point)}`];
  const at = `${nameOf(point)}: ${job.id}`;
  if (received > 1 || accepted !== received) return [`sent ${received} times and accepted ${accepted} times: ${at}`];
  if (received === 1) return job.status === 'completed' && job.attempt === 1 ? [] : [`paid for, but no video: ${at}`];
  const isHonest = job.error?.code === 'submission_unknown' && job.error.billed === 'unknown';
  return isHonest && canBeUnsent ? [] : [`never sent: ${at}`];
}

/** For the table: who died, where, and how the job ended. */
export function rowOf({ process, point, met, job }: CrashOutcome): readonly [string, string] {
  const end = job?.error?.code ?? job?.status ?? 'lost';
  return [`${process}, ${nameOf(point)}`, met ? end : `${end}; not met`];
}
