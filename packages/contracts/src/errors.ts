import { z } from 'zod';

/** The error body of every `/v1` route: the OpenAI envelope and our request id. */
export const openaiError = z
  .object({
    error: z.object({
      message: z.string(),
      type: z.string(),
      code: z.string().nullable(),
      param: z.string().nullable(),
    }),
    request_id: z.string(),
  })
  .meta({ id: 'Error' });

export type OpenaiError = z.output<typeof openaiError>;

/** The error body of the provider's dialect (`/v2`, `/video/generate`): the five fields its documentation lists. */
export const aimlapiError = z
  .object({
    requestId: z.string(),
    statusCode: z.int(),
    timestamp: z.iso.datetime(),
    path: z.string(),
    message: z.string(),
  })
  .meta({ id: 'AimlapiError' });

export type AimlapiError = z.output<typeof aimlapiError>;
