import type { VideoJobWire } from '@video-proxy/contracts';

export const id = 'video_01k00000000000000000000000';
const url = 'http://127.0.0.1/';

function jobIn(status: VideoJobWire['status'], phase: VideoJobWire['phase']): VideoJobWire {
  return {
    id,
    object: 'video.job',
    status,
    phase,
    provider: 'sandbox',
    model: 'google/veo-3.1-t2v-fast',
    prompt: null,
    parameters: {},
    metadata: {},
    progress: 0,
    queue_position: null,
    eta_seconds: null,
    created_at: 1,
    submitted_at: null,
    completed_at: null,
    failed_at: null,
    expires_at: null,
    attempt: 1,
    late: false,
    hold: null,
    generation_id: null,
    video: null,
    error: null,
    cost: { estimated_usd: null, held_usd: null },
    links: { self: url, watch: url, video: null, poster: null, events: url },
    request_id: 'req_1',
  };
}

export const running = jobIn('in_progress', 'generating');
export const ended = jobIn('failed', 'cancelled');
