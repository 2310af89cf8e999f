import { writePause } from '@video-proxy/telemetry';
import type { WorkerParts } from '../worker-parts.ts';

/** Clears away a pause whose time is over. Submissions have gone on by then; this is for those who read why jobs wait. */
export async function endPause({ ledger, log, now }: Pick<WorkerParts, 'ledger' | 'log' | 'now'>): Promise<void> {
  const change = await ledger.holds.changePause((pause) =>
    pause === null || pause.untilMs === null || pause.untilMs > now() ? pause : null,
  );
  if (change.after !== change.before) writePause(log, change);
}
