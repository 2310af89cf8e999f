import { type CredentialState, holdCodeFor } from './credential.ts';
import { type Acceptance, accountHoldOf, isDearer, isPaused, type StandingHolds } from './holds.ts';

/** Whether a worker may send a create request now, and for which models it may not. */
export type Passage =
  | { readonly kind: 'held' }
  | { readonly kind: 'open'; readonly heldModels: readonly string[] }
  /** `othersWaitMs`: for how long nobody else sends anything, should no answer come before. */
  | { readonly kind: 'trial'; readonly othersWaitMs: number; readonly heldModels: readonly string[] };

/** Longer than a create request may take: with a reason to doubt the account, only an answer lets the others go. */
const answerAwaitedMs = 150_000;
/** Without one, a slow answer keeps nobody waiting for long; a key that is refused is refused at once. */
const firstAwaitedMs = 5_000;
/** For how long an accepted request speaks for the next ones: while many are sent, none of them waits for another. */
const acceptanceSpeaksMs = 2_000;

/** Whether another accepted request need not be written down yet. */
export function isFresh(accepted: Acceptance | null, fingerprint: string | null, nowMs: number): boolean {
  return isAccepted(accepted, fingerprint, nowMs + acceptanceSpeaksMs / 2);
}

/**
 * After a pause in which nothing was accepted, one request goes first: should the key have been revoked or the credits be
 * used up meanwhile, it costs that one job and no more.
 *
 * @param state what is known about the worker's own key; a key that was never accepted and never probed well is tried with
 * one request, like one whose account was refused
 */
export function passageOf(
  { fingerprint, state }: { readonly fingerprint: string | null; readonly state: CredentialState },
  holds: StandingHolds,
  nowMs: number,
): Passage {
  if (holdCodeFor(state) !== null || isPaused(holds, nowMs)) return { kind: 'held' };
  const general = [holds.provider, accountHoldOf(holds, fingerprint)].filter((hold) => hold !== null);
  if (general.some((hold) => hold.untilMs > nowMs)) return { kind: 'held' };
  const isTried = holds.trial !== null && holds.trial.untilMs > nowMs;
  const resting = [...holds.models].filter(([, hold]) => hold.untilMs > nowMs).map(([model]) => model);
  const isDoubted = general.length > 0 || state === 'unchecked';
  if (isDoubted || !isAccepted(holds.lastAccepted, fingerprint, nowMs)) {
    const othersWaitMs = isDoubted ? answerAwaitedMs : firstAwaitedMs;
    return isTried ? { kind: 'held' } : { kind: 'trial', othersWaitMs, heldModels: withDearer(resting, holds) };
  }
  const heldModels = withDearer([...holds.models.keys()], holds);
  if (resting.length === holds.models.size || isTried) return { kind: 'open', heldModels };
  return { kind: 'trial', othersWaitMs: answerAwaitedMs, heldModels: withDearer(resting, holds) };
}

/** Another machine's clock may be ahead. */
function isAccepted(accepted: Acceptance | null, fingerprint: string | null, nowMs: number): boolean {
  return (
    accepted !== null && accepted.fingerprint === fingerprint && Math.abs(nowMs - accepted.atMs) < acceptanceSpeaksMs
  );
}

function withDearer(models: readonly string[], holds: StandingHolds): readonly string[] {
  const dearer = [...holds.prices.keys()].filter((model) => models.some((held) => isDearer(model, held, holds)));
  return [...new Set([...models, ...dearer])];
}
