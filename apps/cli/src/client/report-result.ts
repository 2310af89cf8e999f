import type { Client } from '@video-proxy/client';
import type { VideoJobWire } from '@video-proxy/contracts';
import { type ExitCode, exitCodes } from '../problem.ts';
import type { Terminal } from '../terminal.ts';
import { errorLines, videoLine } from './job-text.ts';
import { saveVideo } from './save-video.ts';

export interface ResultOptions {
  /** Where to save the file; null when it should stay on the service only. */
  readonly out: string | null;
  readonly json: boolean;
}

/** The end of a watched job: the file is saved and its links printed, or the reason is. */
export async function reportResult(
  client: Client,
  job: VideoJobWire,
  options: ResultOptions,
  terminal: Terminal,
  interrupted: AbortSignal,
): Promise<ExitCode> {
  const { video } = job;
  if (video !== null && options.out !== null) await saveVideo(client, job, options.out, interrupted);
  if (options.json) {
    terminal.out.line(JSON.stringify({ ...job, file: video === null ? null : options.out }, null, 2));
    return video === null ? exitCodes.failed : exitCodes.ok;
  }
  if (video === null) {
    const [headline = 'The job failed', ...details] = errorLines(job);
    terminal.err.line(`${terminal.err.paint('red', 'failed')} ${headline}`);
    for (const line of details) terminal.err.line(`  ${line}`);
    return exitCodes.failed;
  }
  const { out } = terminal;
  out.line(`${out.paint('green', 'completed')} ${videoLine(video)}`);
  if (options.out !== null) out.line(`  file   ${options.out}`);
  out.line(`  watch  ${video.watch_url}`);
  out.line(`  video  ${video.url}`);
  return exitCodes.ok;
}
