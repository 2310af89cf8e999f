import { z } from 'zod';

/**
 * What the text beside it was made from, for whoever tells it in another language: a stable code, and what stands in the
 * sentence. Null where the text is in the words of the provider or of an operator, or says no more than its own code.
 */
export const said = z
  .object({ code: z.string(), facts: z.record(z.string(), z.union([z.string(), z.number(), z.null()])) })
  .meta({
    id: 'Said',
    description: 'What the text beside it was made from: a stable code, and what stands in the sentence.',
  })
  .nullable()
  // Absent in the answers of a service of an earlier version.
  .default(null);

export type SaidWire = z.output<typeof said>;
