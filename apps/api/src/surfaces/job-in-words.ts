import type { VideoJobWire } from '@video-proxy/contracts';

/** A job as a language model reads it: what is so, what to do next (by the tools' names, on every surface the same), and links to repeat. */
export function jobInWords(job: VideoJobWire): string {
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
function failed(job: VideoJobWire): string {
  const { id, error } = job;
  const next =
    error?.retryable === true
      ? 'It can be asked for again with generate_video once the user agrees.'
      : 'Tell the user why; do not simply ask for it again.';
  return `Video job ${id} failed: ${error?.message ?? ''} ${next} (${requestIdsOf(job)})`;
}

/** What to name to operators, and to the provider's support. */
export function requestIdsOf({ request_id: ours, error }: Pick<VideoJobWire, 'request_id' | 'error'>): string {
  const provider = error?.provider?.request_id ?? null;
  return provider === null ? `request id ${ours}` : `request id ${ours}, the provider's request id ${provider}`;
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

/** What became of an order to cancel it. */
export function cancelInWords(wire: VideoJobWire): string {
  if (wire.status === 'failed') return `Video job ${wire.id}: ${wire.error?.message ?? 'cancelled.'}`;
  return `Video job ${wire.id} is being cancelled. It was already sent, so it is followed to its end and may be billed.`;
}

/** One line of a list, with the link to watch it. */
export function jobInOneLine({ id, status, model, prompt, links }: VideoJobWire): string {
  const title = prompt === null ? model : shortened(prompt);
  return `- ${id} (${status}, ${model}): [${title.replaceAll(/[[\]]/g, '')}](${links.watch})`;
}

const titleLengthMax = 80;

function shortened(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ').trim();
  return line.length <= titleLengthMax ? line : `${line.slice(0, titleLengthMax)}…`;
}
