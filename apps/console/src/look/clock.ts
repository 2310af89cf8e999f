import { useSyncExternalStore } from 'react';

const tickMs = 5_000;
let nowMs = Date.now();
const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | null = null;

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  timer ??= setInterval(() => {
    nowMs = Date.now();
    for (const each of listeners) each();
  }, tickMs);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0 || timer === null) return;
    clearInterval(timer);
    timer = null;
  };
}

/** The time in unix seconds; every "3 minutes ago" on the page moves on together. */
export function useNow(): number {
  return Math.floor(useSyncExternalStore(subscribe, () => nowMs) / 1_000);
}
