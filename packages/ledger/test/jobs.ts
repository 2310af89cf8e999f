import { failure, type ProviderEvidence, type StoredVideo, type VideoJob, type VideoJobEvent } from '@video-proxy/core';
import { newVideoJobId, type VideoJobRecords } from '@video-proxy/ledger';

/** Jobs are made a second apart, so that their order is known. */
let clockMs = Date.UTC(2026, 10, 1);

export function queuedJob(known: Partial<VideoJob> = {}): VideoJob {
  clockMs += 1_000;
  const createdAtMs = known.createdAtMs ?? clockMs;
  return {
    id: newVideoJobId(createdAtMs),
    owner: 'acme/ann',
    provider: 'sandbox',
    model: 'google/veo-3.1-t2v',
    prompt: 'A fox in the snow',
    parameters: { duration: 8 },
    metadata: { conversation: 'c-1' },
    watchSecret: '0INMDQkWMbFXvtmLh0SS9w',
    requestId: 'req_1',
    createdAtMs,
    attempt: 1,
    lifecycle: { state: 'queued', queuedAtMs: createdAtMs, deferral: null },
    ...known,
  };
}

export const video: StoredVideo = {
  storageKey: 'videos/x.mp4',
  contentType: 'video/mp4',
  sizeBytes: 1_234_567,
  sha256: 'c'.repeat(64),
  durationSeconds: 8,
  width: 1920,
  height: 1080,
};

export function evidence(known: Partial<ProviderEvidence> = {}): ProviderEvidence {
  return {
    name: 'aimlapi',
    statusCode: 401,
    requestId: 'provider-request-1',
    path: '/v2/video/generations',
    timestamp: '2025-12-05T13:46:30.569Z',
    kind: null,
    message: 'This request requires a valid API key.',
    clientRequestId: null,
    ...known,
  };
}

export const refusal = (requestId = 'provider-request-1'): VideoJobEvent => ({
  type: 'submit_refused',
  failure: failure('provider_auth_failed', { evidence: evidence({ requestId }) }),
});

export const acceptance = (generationId: string): VideoJobEvent => ({
  type: 'submit_accepted',
  generationId,
  usage: { heldUsd: 1.26 },
});

export const success = {
  type: 'generation_succeeded',
  sourceUrl: 'https://provider.example/secret.mp4',
} as const satisfies VideoJobEvent;

/** Creates a job and lets events happen to it, a second after each other. */
export async function jobAfter(
  jobs: VideoJobRecords,
  events: readonly VideoJobEvent[],
  known: Partial<VideoJob> = {},
): Promise<VideoJob> {
  let job = queuedJob(known);
  await jobs.create(job, null);
  for (const [index, event] of events.entries()) {
    const result = await jobs.apply(job.id, event, job.createdAtMs + 1_000 * (index + 1));
    if (result.kind !== 'changed') throw new Error(`${event.type} changed nothing`);
    job = result.job;
  }
  return job;
}

export const toGenerating = (generationId: string): VideoJobEvent[] => [
  { type: 'submit_started' },
  acceptance(generationId),
];
export const toCompleted = (generationId: string): VideoJobEvent[] => [
  ...toGenerating(generationId),
  success,
  { type: 'artifact_stored', video },
];
