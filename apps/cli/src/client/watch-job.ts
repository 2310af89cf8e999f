import type { Client } from '@video-proxy/client';
import type { VideoJobWire } from '@video-proxy/contracts';
import { openLiveLine, progressBar } from '../live-line.ts';
import { exitCodes, Problem } from '../problem.ts';
import type { Terminal } from '../terminal.ts';
import { stepText } from './job-text.ts';

/** Progress and the time left move with the clock, and somebody looks at them. */
const refreshMs = 2_000;

/** Follows a job on one live line until it has ended. Ctrl-C ends the watching, not the job. */
export async function watchJob(
  client: Pick<Client, 'followJob'>,
  id: string,
  terminal: Terminal,
  interrupted: AbortSignal,
): Promise<VideoJobWire> {
  const live = openLiveLine(terminal.err);
  let last: VideoJobWire | null = null;
  // The server counts progress in steps; the line moves between them so that nobody takes a quiet minute for a hang.
  const startedMs = performance.now();
  const draw = () => {
    if (last === null) return;
    const seconds = Math.floor((performance.now() - startedMs) / 1000);
    const eta = last.eta_seconds === null ? '' : `, about ${last.eta_seconds} s to go`;
    live.show(`${last.id}: ${stepText(last)}`, `${progressBar(last.progress)}  ${stepText(last)}  ${seconds} s${eta}`);
  };
  const ticking = terminal.err.interactive ? setInterval(draw, 1000) : null;
  try {
    for await (const job of client.followJob(id, { signal: interrupted, refreshMs })) {
      last = job;
      draw();
    }
  } catch (error) {
    if (interrupted.aborted) {
      live.end();
      throw new Problem(
        `Stopped watching. The job goes on: ${id}`,
        [`Follow it with: npx video-proxy jobs watch ${id}`],
        exitCodes.interrupted,
      );
    }
    throw error;
  } finally {
    if (ticking !== null) clearInterval(ticking);
    live.end();
  }
  if (last === null) throw new Error('a followed job is read at least once');
  return last;
}
