import { promptLengthMax } from '@video-proxy/contracts';
import type { JsonObject } from '@video-proxy/core';
import { z } from 'zod';
import type { NewVideoJob } from '../video-jobs/index.ts';

const description = 'Which model makes the video; list_video_models tells what each can do.';

/** What a language model may ask for. */
export const videoWish = z.object({
  model: z.string().max(200).meta({ description }),
  prompt: z.string().max(promptLengthMax).optional().meta({ description: 'What is to be seen, best in English.' }),
  image_url: z
    .string()
    .optional()
    .meta({ description: 'A picture to begin with: an https link. For image-to-video models.' }),
  duration: z
    .int()
    .min(1)
    .max(60)
    .optional()
    .meta({ description: 'Length in seconds; each model takes a few lengths only.' }),
  aspect_ratio: z.string().max(10).optional().meta({ description: 'Such as 16:9, 9:16 or 1:1.' }),
  resolution: z.string().max(10).optional().meta({ description: 'Such as 720p or 1080p.' }),
  parameters: z.looseObject({}).optional().meta({
    description: 'Further parameters of the model, by the names that list_video_models tells for it.',
  }),
  variant: z.int().min(1).max(100).default(1).meta({
    description: 'Only when the user wants several videos from the same words: 2 for the second, and so on.',
  }),
});

export type VideoWish = z.output<typeof videoWish>;

/**
 * The same with the names of all models, for whoever has to choose. They change with the provider's live list. A request is not held
 * against it: that there is no such model is told with those that look like it, and an alias is as good as a name.
 */
export function shownVideoWish(models: readonly string[]) {
  return videoWish.extend({ model: z.enum(models).meta({ description }) });
}

/** The same as a job, with the parameters that most models have beside those of the chosen one. */
export function wantedOf(
  { model, prompt, image_url: _asPicture, variant: _tellsApart, parameters = {}, ...common }: VideoWish,
  picture: JsonObject,
): NewVideoJob {
  // What came as JSON is JSON.
  return {
    model,
    prompt: prompt ?? null,
    parameters: { ...picture, ...withoutMissing(common), ...(parameters as JsonObject) },
    metadata: {},
  };
}

function withoutMissing(values: { readonly [name: string]: string | number | undefined }): JsonObject {
  return Object.fromEntries(
    Object.entries(values).filter((entry): entry is [string, string | number] => entry[1] !== undefined),
  );
}
