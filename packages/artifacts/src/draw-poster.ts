import { execFile } from 'node:child_process';
import { rm, stat } from 'node:fs/promises';
import { promisify } from 'node:util';
import { nullIfMissing } from './file-errors.ts';
import type { ValidVideo } from './video-verdict.ts';

const run = promisify(execFile);
const timeoutMs = 20_000;
const widthMax = 1280;
/** Many videos fade in from black. */
const latestMomentSeconds = 1;

/** The reader is named, so that a file which is something else as well is not read as that (a playlist, say). */
const readers: Readonly<Record<ValidVideo['contentType'], string>> = {
  'video/mp4': 'mov',
  'video/quicktime': 'mov',
  'video/webm': 'matroska',
};

export interface PosterOptions extends Pick<ValidVideo, 'contentType' | 'durationSeconds'> {
  /** The directories in which `ffmpeg` is looked for, as in the environment variable PATH. */
  readonly searchPath: string;
}

/**
 * Takes a still of a verified video, as a JPEG file, in a process without our environment and with bounded time.
 *
 * @returns whether there is one. A video is worth as much without: no `ffmpeg` on this machine, or one that finds no picture, is
 * no failure. Rejects when `signal` aborts.
 */
export async function drawPoster(
  videoPath: string,
  posterPath: string,
  { contentType, durationSeconds, searchPath }: PosterOptions,
  signal: AbortSignal,
): Promise<boolean> {
  const moment = Math.min(latestMomentSeconds, durationSeconds / 3).toFixed(3);
  const input = ['-protocol_whitelist', 'file', '-f', readers[contentType], '-ss', moment, '-i', `file:${videoPath}`];
  const picture = [
    '-frames:v',
    '1',
    '-vf',
    `scale='min(${widthMax},iw)':-2`,
    '-q:v',
    '4',
    '-f',
    'image2',
    '-update',
    '1',
  ];
  try {
    await run('ffmpeg', ['-v', 'error', '-nostdin', '-y', '-threads', '1', ...input, '-an', ...picture, posterPath], {
      env: { PATH: searchPath },
      timeout: timeoutMs,
      killSignal: 'SIGKILL',
      signal,
    });
  } catch {
    signal.throwIfAborted();
    await rm(posterPath, { force: true });
    return false;
  }
  const drawn = await stat(posterPath).catch(nullIfMissing);
  return drawn !== null && drawn.size > 0;
}
