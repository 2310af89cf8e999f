import type { WorkerParts } from '../worker-parts.ts';

/** Clears away a pause whose time is over. Submissions have gone on by then; this is for those who read why jobs wait. */
export async function endPause({ ledger, log, now }: Pick<WorkerParts, 'ledger' | 'log' | 'now'>): Promise<void> {
  const { before, after } = await ledger.holds.changePause((pause) =>
    pause === null || pause.untilMs === null || pause.untilMs > now() ? pause : null,
  );
  if (before !== after)
    log.info({ by: before?.by, sinceMs: before?.sinceMs }, 'the pause that operators ordered is over');
}
