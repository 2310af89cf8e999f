import { z } from 'zod';
import { json } from './json.ts';

const parameterSchema = z.object({
  $schema: z.string(),
  type: z.literal('object'),
  properties: z.record(z.string(), z.record(z.string(), json)).readonly(),
  required: z.array(z.string()).readonly(),
  additionalProperties: z.literal(false),
});

/** One model in the OpenAI list shape, with what is needed to ask for a video with it. */
export const modelWire = z
  .object({
    id: z.string(),
    object: z.literal('model'),
    created: z.int().meta({ description: 'Always 0: the provider does not say when a model appeared.' }),
    owned_by: z.string(),
    aliases: z.array(z.string()).readonly(),
    family: z.string().nullable(),
    modes: z.array(z.string()).readonly(),
    prompt: z.object({ required: z.boolean(), max_length: z.int().nullable() }).nullable(),
    parameters: parameterSchema.nullable().meta({
      description: 'JSON Schema of `parameters`; null when the provider documents none, then nothing is checked.',
    }),
    expected_seconds: z.int().meta({ description: 'Usual time of a generation.' }),
    listed: z
      .boolean()
      .nullable()
      .meta({ description: "Whether the provider's live list has it; null while it was not read." }),
    documentation: z
      .string()
      .nullable()
      .meta({ description: "The state of the provider's documentation the parameters are from." }),
  })
  .meta({ id: 'Model' });

export type ModelWire = z.output<typeof modelWire>;

export const modelList = z.object({ object: z.literal('list'), data: z.array(modelWire) }).meta({ id: 'ModelList' });

export type ModelList = z.output<typeof modelList>;
