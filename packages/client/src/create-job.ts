import { type VideoJobRequest, type VideoJobWire, videoJobWire } from '@video-proxy/contracts';
import type { Connection } from './connection.ts';
import { ServiceAwayError } from './errors.ts';
import { pause } from './time.ts';

export interface Creating {
  /** The caller's word that two creates are one. Made for this call when there is none. */
  readonly idempotencyKey?: string;
  readonly signal?: AbortSignal;
}

const triesMax = 4;
const pauseMs = 500;
const pauseMaxMs = 5_000;

/** Tries again where the answer was lost or "not now", always with one key: that never makes a second video. */
export async function createJob(
  connection: Connection,
  wanted: VideoJobRequest,
  { idempotencyKey = randomKey(), signal }: Creating,
): Promise<VideoJobWire> {
  const headers = { 'idempotency-key': idempotencyKey };
  for (let tries = 1; ; tries += 1) {
    try {
      return await connection.ask(videoJobWire, 'POST', '/v1/jobs', { signal, body: wanted, headers });
    } catch (error) {
      if (!(error instanceof ServiceAwayError) || tries >= triesMax) throw error;
      // Nothing has ever been there: trying again only makes the caller wait.
      if (error.refused && !error.wasThere) throw error;
      await pause(Math.min(error.retryAfterMs ?? pauseMs * tries, pauseMaxMs), signal);
    }
  }
}

/** Not `randomUUID`: a page that came by plain http does not have that. */
function randomKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return `client-${Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')}`;
}
