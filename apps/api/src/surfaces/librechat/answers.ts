import type { VideoJobWire } from '@video-proxy/contracts';
import { z } from 'zod';
import { jobInWords } from '../job-in-words.ts';
import { type Explain, problemInWords } from '../problem-in-words.ts';

/** What every action answers, with status 200: LibreChat shows the model nothing of any other answer (measured). */
export const actionAnswer = z.object({
  status: z.enum(['queued', 'in_progress', 'completed', 'failed', 'ok', 'refused']),
  message: z.string().meta({ description: 'What to tell the user, and what to do next.' }),
  id: z.string().nullable(),
  watch_url: z.string().nullable(),
  video_url: z.string().nullable(),
});

export type ActionAnswer = z.output<typeof actionAnswer>;

export function aboutJob(job: VideoJobWire, message = jobInWords(job)): ActionAnswer {
  return { status: job.status, message, id: job.id, watch_url: job.links.watch, video_url: job.video?.url ?? null };
}

export function aboutMany(message: string): ActionAnswer {
  return { status: 'ok', message, id: null, watch_url: null, video_url: null };
}

/** The answer, or in its place why there is none. */
export async function answered(
  requestId: string,
  explain: Explain,
  answer: () => Promise<ActionAnswer>,
): Promise<ActionAnswer> {
  try {
    return await answer();
  } catch (error) {
    return { ...aboutMany(problemInWords(explain(error, requestId), requestId)), status: 'refused' };
  }
}
