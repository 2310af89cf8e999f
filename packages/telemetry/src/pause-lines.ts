import type { PauseChange } from '@video-proxy/ledger';
import { type EventLog, writeLine } from './event-lines.ts';

/** One line for a pause of the operators that begins or ends. Never their reason, which may name somebody. */
export function writePause(
  log: EventLog,
  { before, after }: PauseChange,
  order?: { readonly requestId: string },
): void {
  if (after !== null) {
    const { by, sinceMs, untilMs } = after;
    writeLine(log, 'pause_ordered', { by, sinceMs, untilMs, ...order });
  } else if (before !== null) {
    writeLine(log, 'pause_ended', { by: before.by, sinceMs: before.sinceMs, ...order });
  }
}
