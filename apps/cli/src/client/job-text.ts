import type { VideoJobWire } from '@video-proxy/contracts';
import type { Output, Style } from '../terminal.ts';

const styleByStatus: Record<VideoJobWire['status'], Style> = {
  queued: 'yellow',
  in_progress: 'cyan',
  completed: 'green',
  failed: 'red',
};

export function paintStatus(output: Output, job: VideoJobWire, width = 0): string {
  return output.paint(styleByStatus[job.status], job.status.padEnd(width));
}

/** What the job is doing right now, in words. */
export function stepText(job: VideoJobWire): string {
  if (job.hold !== null) return `waiting: ${job.hold.message}`;
  switch (job.phase) {
    case 'queued':
      return job.queue_position === null ? 'queued' : `queued, position ${job.queue_position}`;
    case 'submitting':
      return 'sending it to the provider';
    case 'submission_unknown':
      return "the provider's answer was lost; looking the request up there";
    case 'generating':
      return 'generating';
    case 'storing':
      return 'copying the video to our storage';
    case 'cancelling':
      return 'cancelling';
    case 'completed':
      return job.late ? 'completed, after it had been given up' : 'completed';
    case 'failed':
    case 'cancelled':
      return job.error === null ? 'failed' : `failed: ${job.error.code}`;
  }
}

const billedText = {
  no: 'nothing was billed',
  yes: 'it was billed',
  unknown: 'not known whether it was billed',
} as const;

/** Why it failed, who says so, what it cost: everything a support request needs. */
export function errorLines(job: VideoJobWire): readonly string[] {
  const { error } = job;
  if (error === null) return [];
  const lines = [
    error.message,
    `code ${error.code}, ${billedText[error.billed]}${error.retryable ? ', can be retried' : ''}`,
  ];
  if (error.provider !== null) lines.push(...providerLines(error.provider));
  lines.push(`job ${job.id}, request ${job.request_id}`);
  return lines;
}

type ProviderEvidence = NonNullable<NonNullable<VideoJobWire['error']>['provider']>;

export function providerLines(provider: ProviderEvidence): readonly string[] {
  const facts = [
    provider.status_code === null ? null : `status ${provider.status_code}`,
    provider.request_id === null ? null : `request id ${provider.request_id}`,
    provider.path === null ? null : `path ${provider.path}`,
    provider.timestamp === null ? null : `at ${provider.timestamp}`,
    provider.kind === null ? null : `kind ${provider.kind}`,
  ].filter((fact) => fact !== null);
  const lines = [`${provider.name} said: ${provider.message ?? 'nothing'}`];
  if (facts.length > 0) lines.push(`  ${facts.join(', ')}`);
  return lines;
}

export function videoLine(video: NonNullable<VideoJobWire['video']>): string {
  return `${video.width}×${video.height}, ${video.duration_seconds.toFixed(1)} s, ${video.bytes} bytes, ${video.content_type}`;
}
