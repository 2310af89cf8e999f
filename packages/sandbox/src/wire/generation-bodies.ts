import { creditsPerUsd } from '../generations/account.ts';
import { type Generation, phaseOf } from '../generations/generation.ts';
import type { Behaviour, ErrorShape, LinkShape } from '../scenarios/behaviour.ts';

/** The answer to a create request. */
export function createdBody(generation: Generation, behaviour: Behaviour, origin: string): object {
  const id = behaviour.idField === 'absent' ? {} : { [behaviour.idField]: generation.id };
  const usage = usageOf(generation, behaviour);
  if (!behaviour.createCompletes) return { ...id, status: 'queued', ...usage };
  const moment = { nowMs: generation.createdAtMs, origin, linkVersion: 1, videoReady: true };
  return { ...id, ...completedBody(generation, behaviour, moment), ...usage };
}

export interface PollMoment {
  readonly nowMs: number;
  /** Where the files of this sandbox are reached: the origin the poll itself was sent to. */
  readonly origin: string;
  readonly linkVersion: number;
  /** False while a finished generation does not name its file yet. */
  readonly videoReady: boolean;
}

/** The answer to a poll. */
export function pollBody(generation: Generation, behaviour: Behaviour, moment: PollMoment): object {
  const { id } = generation;
  const phase = phaseOf(generation, behaviour, moment.nowMs);
  switch (phase) {
    case 'queued':
    case 'generating':
      return { id, status: behaviour.pendingStatus ?? phase };
    case 'failed':
      return { id, status: behaviour.failedStatus, error: errorOf(behaviour.error) };
    case 'completed':
      return { id, ...completedBody(generation, behaviour, moment) };
  }
}

/** What the provider answers when asked for an empty id; recorded. */
export const pollWithoutId = {
  id: '',
  status: 'unknown',
  error: { name: 'Error', message: 'invalid params, task_id cannot by empty' },
};

function completedBody(generation: Generation, behaviour: Behaviour, moment: PollMoment): object {
  const status = behaviour.completedStatus;
  if (!moment.videoReady) return { status, video: null };
  const url = linkTo(generation, behaviour, moment);
  switch (behaviour.video) {
    case 'object':
      return { status, video: { url } };
    case 'extra':
      return { status, video: { url, content_type: 'video/mp4', file_name: 'output.mp4', file_size: 627 } };
    case 'duration':
      return { status, video: { url, duration: generation.durationSeconds }, duration: generation.durationSeconds };
    case 'strings':
      return { status, video: [url] };
    case 'objects':
      return { status, video: [{ url }] };
    case 'null':
      return { status, video: null };
    case 'no-url':
      return { status, video: { content_type: 'video/mp4' } };
    case 'absent':
      return { status };
  }
}

const otherLinks: Record<Exclude<LinkShape, 'absolute'>, string> = {
  internal: 'http://169.254.169.254/latest/meta-data/video.mp4',
  // Port 9 (discard) is closed nearly everywhere: a client that follows the link fails at once.
  loopback: 'http://127.0.0.1:9/video.mp4',
  file: 'file:///etc/hostname',
  relative: '/files/generations/video.mp4',
};

function linkTo(generation: Generation, behaviour: Behaviour, { origin, linkVersion, nowMs }: PollMoment): string {
  if (behaviour.link !== 'absolute') return otherLinks[behaviour.link];
  const url = new URL(`/files/generations/${generation.fileName}`, origin);
  if (behaviour.linkSeconds !== null) {
    url.searchParams.set('Expires', String(Math.floor(nowMs / 1000 + behaviour.linkSeconds)));
  }
  if (behaviour.deadLinks > 0) url.searchParams.set('Signature', String(linkVersion));
  return url.href;
}

function usageOf({ costCredits }: Generation, { usage }: Behaviour): object {
  switch (usage) {
    case 'credits':
      return { meta: { usage: { credits_used: costCredits, usd_spent: costCredits / creditsPerUsd } } };
    case 'credits-only':
      return { meta: { usage: { credits_used: costCredits } } };
    case 'tokens':
      return { meta: { usage: { tokens_used: costCredits } } };
    case 'none':
      return {};
  }
}

function errorOf(shape: ErrorShape): unknown {
  switch (shape) {
    case 'object':
      return { name: 'Error', message: 'The generation could not be finished by the model' };
    case 'detail':
      return {
        detail: [
          {
            loc: ['body', 'image_url'],
            msg: 'Could not detect face in the image',
            type: 'face_detection_error',
            input: 'https://example.com/image.png',
          },
        ],
      };
    case 'string':
      return 'The generation failed';
    case 'null':
      return null;
    case 'policy':
      return { name: 'Error', message: 'The request was rejected by the content moderation system' };
    case 'policy-detail':
      return {
        detail: [
          {
            loc: ['body', 'prompt'],
            msg: 'The content could not be processed because it was flagged by a content checker',
            type: 'content_policy_violation',
          },
        ],
      };
  }
}
