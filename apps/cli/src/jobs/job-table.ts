import type { VideoJobWire } from '@video-proxy/contracts';
import { paintStatus } from '../client/job-text.ts';
import type { Output } from '../terminal.ts';

const statusWidth = 'in_progress'.length;
const modelWidth = 28;

/** One line a job, newest first; the prompt takes what room the terminal has left. */
export function jobTable(jobs: readonly VideoJobWire[], output: Output, nowMs: number): readonly string[] {
  return jobs.map((job) => {
    const left = `${job.id}  ${paintStatus(output, job, statusWidth)}  ${ageOf(job, nowMs).padStart(4)}  ${cut(job.model, modelWidth)}`;
    const room = output.interactive
      ? Math.max(10, output.columns - (32 + 2 + statusWidth + 2 + 4 + 2 + modelWidth + 3))
      : 80;
    return `${left}  ${noteOf(job, room)}`;
  });
}

function noteOf(job: VideoJobWire, room: number): string {
  const reason = job.error?.code ?? job.hold?.code ?? null;
  const prompt = (job.prompt ?? '').replaceAll(/\s+/g, ' ');
  return cut(reason === null ? prompt : `[${reason}] ${prompt}`, room).trimEnd();
}

function cut(text: string, width: number): string {
  return text.length > width ? `${text.slice(0, width - 1)}…` : text.padEnd(width);
}

/** `42s`, `7m`, `3h`, `12d` since it was created. */
function ageOf(job: VideoJobWire, nowMs: number): string {
  const seconds = Math.max(0, Math.floor(nowMs / 1000) - job.created_at);
  if (seconds < 60) return `${seconds}s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)}m`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)}h`;
  return `${Math.floor(seconds / 86_400)}d`;
}
