import { waitSecondsMax } from '@video-proxy/contracts';
import { publicStatuses } from '@video-proxy/core';
import { z } from 'zod';
import { changedJob } from '../changed-job.ts';
import { cancelInWords, jobInOneLine } from '../job-in-words.ts';
import { noSuchJob } from '../jobs/not-found.ts';
import { jobResult } from './job-result.ts';
import type { McpParts } from './parts.ts';
import { addTool, type Toolbox } from './tool.ts';

const id = z.string().max(64).meta({ description: 'The id of a video job: video_…' });

const getInput = z.object({
  id,
  wait_seconds: z.number().min(0).max(waitSecondsMax).default(0).meta({
    description: 'Waits up to so many seconds for the end of the job before it answers; 0 answers at once.',
  }),
});

const listInput = z.object({
  status: z.enum(publicStatuses).optional(),
  limit: z.int().min(1).max(50).default(10),
});

const cancelInput = z.object({ id });

/** Reading and cancelling. What a caller may see and do is decided by the job service. */
export function addJobTools(toolbox: Toolbox, parts: McpParts): void {
  const { jobs, viewer } = parts;
  const getTool = {
    name: 'get_video_job',
    title: 'How a video is coming along',
    description: 'Tells the state of a video job and, once it has ended, its link or why there is none.',
    input: getInput,
    annotations: { readOnlyHint: true, openWorldHint: false },
  };
  addTool(
    toolbox,
    parts,
    getTool,
    async ({ id: jobId, wait_seconds: waitSeconds }, { asker, baseUrl, isAbout, gone }) => {
      const job =
        waitSeconds === 0
          ? await jobs.get(asker, jobId)
          : await jobs.wait(asker, jobId, { waitMs: waitSeconds * 1_000, signal: gone() });
      if (job === null) throw noSuchJob();
      isAbout(job.id);
      return jobResult(await viewer.present(job, baseUrl));
    },
  );

  const listTool = {
    name: 'list_video_jobs',
    title: 'Earlier videos',
    description: "Lists the user's own video jobs, newest first.",
    input: listInput,
    annotations: { readOnlyHint: true, openWorldHint: false },
  };
  addTool(toolbox, parts, listTool, async ({ status, limit }, { asker, baseUrl }) => {
    const page = await jobs.list(asker, { status, limit });
    const data = await Promise.all(page.jobs.map((job) => viewer.present(job, baseUrl)));
    const lines = data.map(jobInOneLine);
    const text = lines.length === 0 ? 'There are no video jobs yet.' : lines.join('\n');
    return { content: [{ type: 'text', text }], structuredContent: { data, has_more: page.hasMore } };
  });

  const cancelTool = {
    name: 'cancel_video_job',
    title: 'Cancel a video',
    description:
      'Stops a video that has not been sent yet. One that was already sent may still be billed. Only on the wish of the user.',
    input: cancelInput,
    annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: true, openWorldHint: true },
  };
  addTool(toolbox, parts, cancelTool, async ({ id: jobId }, { asker, baseUrl, isAbout }) => {
    const job = changedJob(await jobs.cancel({ role: 'owner', asker }, jobId));
    isAbout(job.id);
    const wire = await viewer.present(job, baseUrl);
    return { content: [{ type: 'text', text: cancelInWords(wire) }], structuredContent: { ...wire } };
  });
}
