import { z } from 'zod';
import { promptLengthMax } from './video-job.ts';

/** The create body of the provider's own wire: everything flat beside `model` and `prompt`. */
export const createGenerationBody = z
  .looseObject({ model: z.string().min(1).max(200), prompt: z.string().max(promptLengthMax).nullish() })
  .meta({
    id: 'CreateGeneration',
    description: "The provider's own request: the model's parameters stand beside `model` and `prompt`.",
  });

export const readGenerationQuery = z.object({ generation_id: z.string().min(1).max(200) });

/** A generation on the provider's own wire; `id` is the id of our video job. */
export const generationWire = z
  .object({
    id: z.string(),
    status: z.enum(['queued', 'generating', 'completed', 'error']),
    video: z.object({ url: z.url() }).nullable().meta({ description: 'On our own host; needs no key.' }),
    error: z.object({ name: z.string(), message: z.string() }).nullable(),
    meta: z.object({ usage: z.object({ credits_used: z.number(), usd_spent: z.number() }).nullable() }),
  })
  .meta({ id: 'Generation' });

export type GenerationWire = z.output<typeof generationWire>;
