import { z } from 'zod';

/** One model in the OpenAI list shape, with what is needed to ask for a video with it. */
export const modelWire = z
  .object({
    id: z.string(),
    object: z.literal('model'),
    created: z.int().meta({ description: 'Always 0: the provider does not say when a model appeared.' }),
    owned_by: z.string(),
    aliases: z.array(z.string()),
    family: z.string().nullable(),
    modes: z.array(z.string()),
    prompt: z.object({ required: z.boolean(), max_length: z.int().nullable() }).nullable(),
    parameters: z
      .record(z.string(), z.unknown())
      .nullable()
      .meta({ description: 'JSON Schema of `parameters`; null when the provider documents none, then nothing is checked.' }),
    expected_seconds: z.int().meta({ description: 'Usual time of a generation.' }),
  })
  .meta({ id: 'Model' });

export type ModelWire = z.output<typeof modelWire>;

export const modelList = z.object({ object: z.literal('list'), data: z.array(modelWire) }).meta({ id: 'ModelList' });

export type ModelList = z.output<typeof modelList>;
