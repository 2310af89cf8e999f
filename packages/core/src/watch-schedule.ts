const shortestMs = 5 * 60_000;
const longestMs = 60 * 60_000;
/** The longer a generation is overdue, the less likely it is to come in the next minutes. */
const shareOfOverdue = 0.5;

/** The pause until an ended job is looked at again: 5 minutes at first, growing to an hour, and one last look when its time is up. */
export function watchPauseMs(overdueMs: number, leftMs: number): number {
  const growingMs = Math.min(longestMs, Math.max(shortestMs, overdueMs * shareOfOverdue));
  return Math.max(0, Math.min(growingMs, leftMs));
}
