import type { McpServer } from '@modelcontextprotocol/server';
import { Refusal } from '../../problem.ts';
import { repeatedRequestKey } from '../repeated-request.ts';
import { type videoWish, wantedOf } from '../video-wish.ts';
import { answering } from './call.ts';
import { jobResult } from './job-result.ts';
import type { McpParts } from './parts.ts';

const description = [
  'Starts one video and answers at once with its id; the video itself takes one to several minutes and usually costs money.',
  'Afterwards call get_video_job with wait_seconds 50 until it has ended. Never start the same video twice to make it faster.',
].join(' ');

export function addGenerateVideo(
  server: McpServer,
  { jobs, viewer, explain, now }: McpParts,
  inputSchema: ReturnType<typeof videoWish>,
): void {
  const annotations = { readOnlyHint: false, destructiveHint: false, idempotentHint: false, openWorldHint: true };
  server.registerTool(
    'generate_video',
    { title: 'Generate a video', description, inputSchema, annotations },
    async (wish, context) =>
      answering(context, explain, async (call) => {
        const wanted = wantedOf(wish);
        const { asker, requestId, conversation } = call;
        const { variant } = wish;
        const idempotencyKey =
          call.idempotencyKey ?? repeatedRequestKey(wanted, { conversation, variant, nowMs: now() });
        const outcome = await jobs.create(wanted, { asker, requestId, idempotencyKey });
        if (outcome.kind === 'refused') throw new Refusal(outcome.problem);
        return jobResult(await viewer.present(outcome.job, call.baseUrl));
      }),
  );
}
