import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { invalidVideo, type VideoVerdict } from './video-verdict.ts';

const memoryMbMax = 256;
const timeoutMs = 30_000;
/** How a process ends that ran out of its memory, or met a fault of the engine. SIGKILL is not among them: that is the machine's. */
const crashSignals: readonly unknown[] = ['SIGABRT', 'SIGTRAP', 'SIGILL', 'SIGSEGV', 'SIGBUS'];

const run = promisify(execFile);
const program = fileURLToPath(new URL('./verification-process.ts', import.meta.url));

/**
 * Examines a downloaded file. A stranger's file is parsed in a process of its own, without our environment and with bounded memory
 * and time: one flipped bit in a table is enough to keep a parser busy for minutes, or to exhaust a heap, and a thread that does so
 * takes its whole process along. Costs about 0.2 s. Rejects when the file cannot be read, or `signal` aborts.
 */
export async function verifyVideo(path: string, signal?: AbortSignal): Promise<VideoVerdict> {
  try {
    const { stdout } = await run(process.execPath, [`--max-old-space-size=${memoryMbMax}`, program, path], {
      env: {},
      timeout: timeoutMs,
      killSignal: 'SIGKILL',
      ...(signal && { signal }),
    });
    return JSON.parse(stdout);
  } catch (error) {
    signal?.throwIfAborted();
    if (!(error instanceof Error)) throw error;
    if ('killed' in error && error.killed === true)
      return invalidVideo('a video file whose structure takes too long to read', 'file_slow_to_read');
    if ('signal' in error && crashSignals.includes(error.signal)) {
      return invalidVideo('a video file whose structure takes too much memory to read', 'file_large_to_read');
    }
    throw error;
  }
}
