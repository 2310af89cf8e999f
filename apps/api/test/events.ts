import { createHash } from 'node:crypto';
import { failure, type ProviderEvidence, type StoredVideo, type VideoJobEvent } from '@video-proxy/core';

/** What the provider said in the incident this project began with. */
export const rejection: ProviderEvidence = {
  name: 'aimlapi',
  statusCode: 401,
  requestId: 'hRNOI9BMsuLeZ76UNdGhS',
  path: '/v2/video/generations',
  timestamp: '2025-12-05T13:46:30.569Z',
  kind: null,
  message: 'This request requires a valid API key.',
  clientRequestId: null,
};

export const started: VideoJobEvent = { type: 'submit_started' };
export const accepted: VideoJobEvent = { type: 'submit_accepted', generationId: 'gen-1', usage: { heldUsd: 1.95 } };
export const rejected: VideoJobEvent = {
  type: 'submit_refused',
  failure: failure('provider_auth_failed', { evidence: rejection }),
};
export const lost: VideoJobEvent = { type: 'submit_lost', evidence: null };
export const notFound: VideoJobEvent = { type: 'submission_not_found' };
export const generated: VideoJobEvent = { type: 'generation_succeeded', sourceUrl: 'https://cdn.example/secret.mp4' };

export const fileContent = 'not really a film, but its bytes count';

export function storedVideo(storageKey: string): StoredVideo {
  return {
    storageKey,
    contentType: 'video/mp4',
    sizeBytes: fileContent.length,
    sha256: createHash('sha256').update(fileContent).digest('hex'),
    durationSeconds: 8,
    width: 1280,
    height: 720,
  };
}

export function stored(storageKey: string): VideoJobEvent {
  return { type: 'artifact_stored', video: storedVideo(storageKey) };
}

/** From creation to a stored file. */
export function wayToCompletion(storageKey: string): readonly VideoJobEvent[] {
  return [started, accepted, generated, stored(storageKey)];
}
