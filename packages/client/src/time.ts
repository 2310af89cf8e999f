/** Like `timers/promises`, which browsers do not have. */
export function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const end = (finish: () => void) => () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', abort);
      finish();
    };
    const abort = end(() => reject(signal?.reason));
    const timer = setTimeout(end(resolve), ms);
    if (signal?.aborted === true) abort();
    else signal?.addEventListener('abort', abort);
  });
}

/** What the promise brings, or `late` when the time is up first; the promise stays good to be waited for again. */
export async function within<T>(promise: Promise<T>, ms: number): Promise<T | 'late'> {
  const { promise: late, resolve } = Promise.withResolvers<'late'>();
  const timer = Number.isFinite(ms) ? setTimeout(resolve, ms, 'late') : undefined;
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
