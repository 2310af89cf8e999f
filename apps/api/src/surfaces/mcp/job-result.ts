import type { CallToolResult, ContentBlock } from '@modelcontextprotocol/server';
import type { VideoJobWire } from '@video-proxy/contracts';
import { playerPage } from './player.ts';

/** A job as a language model reads it: what is so, what to do next, and links to repeat. The text alone says everything. */
export function jobResult(job: VideoJobWire): CallToolResult {
  const content: ContentBlock[] = [{ type: 'text', text: textAbout(job) }];
  if (job.video !== null) {
    const player = { uri: `ui://video-proxy/${job.id}`, mimeType: 'text/html', text: playerPage(job, job.video) };
    content.push({ type: 'resource', resource: player });
  }
  return { content, structuredContent: { ...job }, ...(job.status === 'failed' && { isError: true }) };
}

export function textAbout(job: VideoJobWire): string {
  switch (job.status) {
    case 'completed':
      return job.video === null ? `${job.id} is completed.` : ready(job, job.video);
    case 'failed':
      return failed(job);
    case 'queued':
    case 'in_progress':
      return [`Video job ${job.id}: ${progressOf(job)}`, whatNext(job)].join('\n');
  }
}

function ready(job: VideoJobWire, video: NonNullable<VideoJobWire['video']>): string {
  const { watch_url: watch, poster_url: poster } = video;
  const facts = `${video.duration_seconds} s, ${video.width}×${video.height}`;
  return [
    `The video is ready (${job.model}, ${facts}). Show the user these lines as they are:`,
    '',
    ...(poster === null ? [] : [`[![The video](${poster})](${watch})`, '']),
    `[Watch the video](${watch})`,
  ].join('\n');
}

/** The message of a failure says whether it cost anything. */
function failed({ id, error, request_id: requestId }: VideoJobWire): string {
  const next =
    error?.retryable === true
      ? 'It can be asked for again with generate_video once the user agrees.'
      : 'Tell the user why; do not simply ask for it again.';
  const provider = error?.provider?.request_id;
  const ids = [`request id ${requestId}`, ...(provider == null ? [] : [`the provider's request id ${provider}`])];
  return `Video job ${id} failed: ${error?.message ?? ''} ${next} (${ids.join(', ')})`;
}

function progressOf({
  phase,
  progress,
  hold,
  queue_position: position,
  eta_seconds: etaSeconds,
}: VideoJobWire): string {
  if (hold !== null) return `waiting. ${hold.message}`;
  if (phase === 'queued') return position === null ? 'waiting its turn.' : `waiting its turn, place ${position}.`;
  const left = etaSeconds === null ? '' : `, about ${etaSeconds} s left`;
  return `being made (${phase}, ${progress} %${left}).`;
}

function whatNext({ id, links }: VideoJobWire): string {
  return [
    `Call get_video_job with id "${id}" and wait_seconds 50 until it has ended; do not call generate_video again for the same wish.`,
    `The user can follow it at ${links.watch}`,
  ].join('\n');
}
