import { createHash } from 'node:crypto';
import type { NewVideoJob } from '../video-jobs/index.ts';

/** Language models call a tool twice in one breath; a person who wants the same once more takes longer than this. */
const windowMs = 60_000;

/**
 * An idempotency key for a caller who gives none: the same wish in the same conversation within the same minute is one.
 *
 * @param variant tells apart requests that are meant to be several, although they are the same
 */
export function repeatedRequestKey(
  wanted: Pick<NewVideoJob, 'model' | 'prompt' | 'parameters'>,
  { conversation, variant, nowMs }: { conversation: string | null; variant: number; nowMs: number },
): string {
  const { model, prompt, parameters } = wanted;
  const wish = JSON.stringify([conversation, variant, model, prompt, parameters, Math.floor(nowMs / windowMs)]);
  return `same-wish-${createHash('sha256').update(wish).digest('hex')}`;
}
