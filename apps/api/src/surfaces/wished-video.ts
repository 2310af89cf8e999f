import type { VideoJob } from '@video-proxy/core';
import { Refusal } from '../problem.ts';
import type { CreateContext } from '../video-jobs/index.ts';
import { firstPicture } from './first-picture.ts';
import { createOnce } from './repeated-request.ts';
import type { SurfaceParts } from './surface-parts.ts';
import { type VideoWish, wantedOf } from './video-wish.ts';

/** Language models call a tool twice in one breath; a person who wants the same once more takes longer than this. */
const windowMs = 60_000;

/** The job of a wish, or the reason why there is none, thrown. */
export async function wishedVideo(
  { jobs, catalog, now }: Pick<SurfaceParts, 'jobs' | 'catalog' | 'now'>,
  wish: VideoWish,
  { conversation, ...context }: CreateContext & { readonly conversation: string | null },
): Promise<VideoJob> {
  const wanted = wantedOf(wish, firstPicture(catalog, wish.model, wish.image_url));
  const { model, prompt, parameters } = wanted;
  const same = [conversation, wish.variant, model, prompt, parameters];
  const outcome = await createOnce(jobs, wanted, context, { same, windowMs, nowMs: now() });
  if (outcome.kind === 'refused') throw new Refusal(outcome.problem);
  return outcome.job;
}
