import type { McpServer } from '@modelcontextprotocol/server';
import { promptLengthMax } from '@video-proxy/contracts';
import type { JsonObject } from '@video-proxy/core';
import { z } from 'zod';
import { Refusal } from '../../problem.ts';
import { repeatedRequestKey } from '../repeated-request.ts';
import { answering } from './call.ts';
import { jobResult } from './job-result.ts';
import type { McpParts } from './parts.ts';

const description = [
  'Starts one video and answers at once with its id; the video itself takes one to several minutes and usually costs money.',
  'Afterwards call get_video_job with wait_seconds 50 until it has ended. Never start the same video twice to make it faster.',
].join(' ');

/** The names of models change with the provider's live list, so the schema is made anew when the list is. */
export function generateVideoInput(models: readonly string[]) {
  return z.object({
    model: z
      .enum(models)
      .meta({ description: 'Which model makes the video; list_video_models tells what each can do.' }),
    prompt: z.string().max(promptLengthMax).optional().meta({ description: 'What is to be seen, best in English.' }),
    image_url: z
      .string()
      .optional()
      .meta({ description: 'A picture to begin with: an https link. For image-to-video models.' }),
    duration: z
      .int()
      .min(1)
      .max(60)
      .optional()
      .meta({ description: 'Length in seconds; each model takes a few lengths only.' }),
    aspect_ratio: z.string().max(10).optional().meta({ description: 'Such as 16:9, 9:16 or 1:1.' }),
    resolution: z.string().max(10).optional().meta({ description: 'Such as 720p or 1080p.' }),
    parameters: z.record(z.string(), z.unknown()).optional().meta({
      description: 'Further parameters of the model, by the names that list_video_models tells for it.',
    }),
    variant: z.int().min(1).max(100).default(1).meta({
      description: 'Only when the user wants several videos from the same words: 2 for the second, and so on.',
    }),
  });
}

export function addGenerateVideo(
  server: McpServer,
  { jobs, viewer, explain, now }: McpParts,
  inputSchema: ReturnType<typeof generateVideoInput>,
): void {
  const annotations = { readOnlyHint: false, destructiveHint: false, idempotentHint: false, openWorldHint: true };
  server.registerTool(
    'generate_video',
    { title: 'Generate a video', description, inputSchema, annotations },
    async ({ model, prompt = null, variant, parameters: more = {}, ...common }, context) =>
      answering(context, explain, async (call) => {
        // What came as JSON is JSON.
        const parameters = { ...withoutMissing(common), ...(more as JsonObject) };
        const wanted = { model, prompt, parameters, metadata: {} };
        const { asker, requestId, conversation } = call;
        const idempotencyKey =
          call.idempotencyKey ?? repeatedRequestKey(wanted, { conversation, variant, nowMs: now() });
        const outcome = await jobs.create(wanted, { asker, requestId, idempotencyKey });
        if (outcome.kind === 'refused') throw new Refusal(outcome.problem);
        return jobResult(await viewer.present(outcome.job, call.baseUrl));
      }),
  );
}

function withoutMissing(values: { readonly [name: string]: string | number | undefined }): JsonObject {
  return Object.fromEntries(
    Object.entries(values).filter((entry): entry is [string, string | number] => entry[1] !== undefined),
  );
}
