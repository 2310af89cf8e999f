import { setTimeout as pause } from 'node:timers/promises';
import type { Sandbox } from '@video-proxy/sandbox';
import type { Wish } from './customer.ts';

const lookMs = 200;
/** Many searches at once meet the limit of the provider's log, 200 requests a minute, and try again a minute later. */
const afterThatMs = 200_000;

type Environment = Readonly<Record<string, string>>;

/** @returns whether it has become so in time */
export async function until(isSo: () => boolean, boundMs: number): Promise<boolean> {
  const endMs = performance.now() + boundMs;
  while (!isSo() && performance.now() < endMs) await pause(lookMs);
  return isSo();
}

/**
 * Waits until every wish has ended. What only time would end is not waited for: the workers are replaced by one for which
 * that time has passed.
 */
export async function seeToTheEnd(
  wishes: readonly Wish[],
  sandbox: Sandbox,
  { boundMs, replaceWorkers }: { boundMs: number; replaceWorkers: (changes: Environment) => Promise<unknown> },
): Promise<void> {
  await until(() => wishes.every((wish) => wish.ended || onlyTimeHelps(wish, sandbox)), boundMs);
  if (wishes.every(({ ended }) => ended)) return;
  await replaceWorkers(elevenMinutesLater);
  await until(() => wishes.every(({ ended }) => ended), afterThatMs);
}

/** The provider has nothing that could still come: the search for it, or the deadline, has to run out. */
function onlyTimeHelps({ job, oddity }: Wish, { control }: Sandbox): boolean {
  if (job === null || job.phase === 'queued' || job.phase === 'submitting' || job.phase === 'storing') return false;
  if (oddity.endless) return true;
  const creates = control.creates().byClientRequestId[`${job.id}.${job.attempt}`];
  return (creates?.accepted ?? 0) === 0;
}

/** The settings of a worker for which that time has passed. */
const elevenMinutesLater = {
  NODE_OPTIONS: `--import ${new URL('./clock-ahead.ts', import.meta.url).href}`,
};
