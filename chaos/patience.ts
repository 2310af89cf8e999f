import { setTimeout as pause } from 'node:timers/promises';
import type { Sandbox } from '@video-proxy/sandbox';
import type { Wish } from './customer.ts';

const lookMs = 200;

/** @returns whether it has become so in time */
export async function until(isSo: () => boolean, boundMs: number): Promise<boolean> {
  const endMs = performance.now() + boundMs;
  while (!isSo() && performance.now() < endMs) await pause(lookMs);
  return isSo();
}

/** The provider has nothing that could still come: the search for it, or the deadline, has to run out. */
export function onlyTimeHelps({ job, oddity }: Wish, { control }: Pick<Sandbox, 'control'>): boolean {
  if (job === null || job.phase === 'queued' || job.phase === 'submitting' || job.phase === 'storing') return false;
  if (oddity.endless) return true;
  const creates = control.creates().byClientRequestId[`${job.id}.${job.attempt}`];
  return (creates?.accepted ?? 0) === 0;
}

/** The settings of a worker for which that time has passed. */
export const elevenMinutesLater = {
  NODE_OPTIONS: `--import ${new URL('./clock-ahead.ts', import.meta.url).href}`,
};
