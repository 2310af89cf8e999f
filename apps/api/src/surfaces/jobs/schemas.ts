import { z } from 'zod';

export const jobParams = z.object({ id: z.string().meta({ description: 'The id of a video job: `video_…`.' }) });
