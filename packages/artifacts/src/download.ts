import { setTimeout as delay } from 'node:timers/promises';
import { said } from '@video-proxy/core';
import type { PartFile } from './part-file.ts';
import { type DownloadOptions, type DownloadOutcome, openResumableTransfer } from './resumable-transfer.ts';
import { DeadLinkError, TransferError } from './transfer.ts';

const triesMax = 5;
const firstPauseMs = 250;

/**
 * Downloads `link` into `part`. A broken transfer goes on where it stopped, at most 5 tries in all; but a transfer that does not
 * even begin is left to the caller's own, much slower, repetition. Rejects when `signal` aborts, or when the disk fails.
 */
export async function download(link: string, part: PartFile, options: DownloadOptions): Promise<DownloadOutcome> {
  const { limits, signal } = options;
  const timeout = AbortSignal.timeout(limits.timeoutMs);
  const transfer = openResumableTransfer(link, part, { ...options, signal: AbortSignal.any([signal, timeout]) });
  for (let tries = 1; ; tries += 1) {
    try {
      return await transfer.proceed();
    } catch (error) {
      signal.throwIfAborted();
      if (timeout.aborted) return tooSlow(limits.timeoutMs / 1000);
      if (error instanceof DeadLinkError) return { kind: 'gone', ...error.found };
      if (!(error instanceof TransferError)) throw error;
      if (!transfer.hasBegun || tries === triesMax) return { kind: 'unavailable', ...error.found };
    }
    await delay(firstPauseMs * 2 ** (tries - 1), undefined, { signal }).catch(() => signal.throwIfAborted());
  }
}

function tooSlow(seconds: number): DownloadOutcome {
  const finding = `The download was not finished within ${seconds} s`;
  return { kind: 'unavailable', finding, said: said('download_too_slow', { seconds }) };
}
