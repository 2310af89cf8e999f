import { z } from 'zod';

export const jobParams = z.object({ id: z.string().meta({ description: 'The id of a video job: `video_…`.' }) });

/** How a client may name its end user and its duplicates; described here, read in `asker.ts` and `idempotency-key.ts`. */
export const callerHeaders = z.object({
  'x-librechat-user-id': z.string().optional().meta({ description: 'The end user; sees only their own jobs.' }),
});

export const createHeaders = callerHeaders.extend({
  'idempotency-key': z.string().optional().meta({ description: 'Same key and body: the same job. Kept for 24 hours.' }),
  'x-librechat-message-id': z.string().optional().meta({ description: 'Used when there is no Idempotency-Key.' }),
});
