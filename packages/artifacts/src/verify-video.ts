import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { isErrorCode } from './file-errors.ts';
import { invalidVideo, type VideoVerdict } from './video-verdict.ts';

const memoryMbMax = 256;
const timeoutMs = 60_000;

/**
 * Examines a downloaded file. A stranger's file is parsed in a thread of its own with bounded memory and time: one that is made
 * to exhaust either ends that thread, not the worker. Rejects when the file cannot be read, or `signal` aborts.
 */
export async function verifyVideo(
  path: string,
  signal: AbortSignal = new AbortController().signal,
): Promise<VideoVerdict> {
  signal.throwIfAborted();
  const thread = new Worker(new URL('./verification-thread.ts', import.meta.url), {
    workerData: path,
    resourceLimits: { maxOldGenerationSizeMb: memoryMbMax },
  });
  const timeout = AbortSignal.timeout(timeoutMs);
  try {
    return await verdictOf(thread, AbortSignal.any([signal, timeout]));
  } catch (error) {
    signal.throwIfAborted();
    if (timeout.aborted) return invalidVideo('a video file whose structure takes too long to read');
    if (isErrorCode(error, 'ERR_WORKER_OUT_OF_MEMORY'))
      return invalidVideo('a video file whose structure takes too much memory to read');
    throw error;
  } finally {
    await thread.terminate();
  }
}

async function verdictOf(thread: Worker, signal: AbortSignal): Promise<VideoVerdict> {
  // `once` rejects on an 'error' event, which is what a thread that fails or runs out of memory ends with.
  const [verdict] = await once(thread, 'message', { signal });
  return verdict;
}
