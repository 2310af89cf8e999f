import type { ChangeFeed } from '@video-proxy/ledger';

export interface ChangeWatch extends Disposable {
  /** Resolves at the next change, or at once if there was one since the last call; at the latest after `timeoutMs` or an abort. */
  next(timeoutMs: number, signal: AbortSignal): Promise<void>;
}

/** Watches one job from now on. Subscribe first and read afterwards: then no change falls between the two. */
export function watchChanges(feed: Pick<ChangeFeed, 'subscribe'>, jobId: string): ChangeWatch {
  let changed = false;
  let wake = () => {};
  const stop = feed.subscribe(jobId, () => {
    changed = true;
    wake();
  });
  return {
    async next(timeoutMs, signal) {
      if (!changed && !signal.aborted) {
        const { promise, resolve } = Promise.withResolvers<void>();
        wake = resolve;
        const timer = setTimeout(resolve, timeoutMs);
        signal.addEventListener('abort', wake, { once: true });
        await promise;
        clearTimeout(timer);
        signal.removeEventListener('abort', wake);
      }
      changed = false;
    },
    [Symbol.dispose]: stop,
  };
}
