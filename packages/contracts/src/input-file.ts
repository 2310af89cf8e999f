import { z } from 'zod';

/** A file in the shape of OpenAI's Files API, with its type besides. */
export const inputFileWire = z
  .object({
    id: z.string(),
    object: z.literal('file'),
    bytes: z.int(),
    created_at: z.int(),
    expires_at: z.int().meta({ description: 'Deleted then at the earliest: each use begins its time anew.' }),
    filename: z.string(),
    purpose: z.literal('user_data'),
    status: z.literal('processed'),
    content_type: z.string(),
  })
  .meta({ id: 'InputFile' });

export type InputFileWire = z.output<typeof inputFileWire>;

export const inputFileList = z
  .object({
    object: z.literal('list'),
    data: z.array(inputFileWire),
    first_id: z.string().nullable(),
    last_id: z.string().nullable(),
    has_more: z.boolean(),
  })
  .meta({ id: 'InputFileList' });

export const deletedInputFile = z
  .object({ id: z.string(), object: z.literal('file'), deleted: z.literal(true) })
  .meta({ id: 'DeletedInputFile' });

export const listInputFilesQuery = z.object({
  limit: z.coerce.number().int().min(1).max(100).default(20),
  after: z
    .string()
    .regex(/^file_[0-9a-z]{26}$/, 'must be the id of a file')
    .optional()
    .meta({ description: 'The last id of the previous page.' }),
});
