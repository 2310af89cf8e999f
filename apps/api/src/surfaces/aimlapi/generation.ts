import type { GenerationWire } from '@video-proxy/contracts';
import { heldUsdOf, type PublicStatus, publicStatusOf, type VideoJob } from '@video-proxy/core';
import { presentError } from '../../presentation/error.ts';
import { watchUrlOf } from '../../presentation/video-job.ts';

const statusWords: Record<PublicStatus, GenerationWire['status']> = {
  queued: 'queued',
  in_progress: 'generating',
  completed: 'completed',
  failed: 'error',
};

/** The provider counts money in credits too (docs). */
const creditsPerUsd = 2_000_000;

/** A job in the provider's words. Its clients fetch the file without a key, so the link is the unguessable one. */
export function presentGeneration(job: VideoJob, baseUrl: string): GenerationWire {
  const { lifecycle } = job;
  const error = presentError(lifecycle);
  const heldUsd = heldUsdOf(lifecycle);
  return {
    id: job.id,
    status: statusWords[publicStatusOf(lifecycle.state)],
    video: lifecycle.state === 'completed' ? { url: `${watchUrlOf(job, baseUrl)}/video.mp4` } : null,
    error: error === null ? null : { name: error.code, message: error.message },
    meta: {
      usage: heldUsd === null ? null : { credits_used: Math.round(heldUsd * creditsPerUsd), usd_spent: heldUsd },
    },
  };
}
