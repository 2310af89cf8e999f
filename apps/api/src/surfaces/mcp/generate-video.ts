import { shownVideoWish, videoWish } from '../video-wish.ts';
import { wishedVideo } from '../wished-video.ts';
import { jobResult } from './job-result.ts';
import type { McpParts } from './parts.ts';
import { addTool, type Toolbox } from './tool.ts';

const description = [
  'Starts one video and answers at once with its id; the video itself takes one to several minutes and usually costs money.',
  'Afterwards call get_video_job with wait_seconds 50 until it has ended. Never start the same video twice to make it faster.',
].join(' ');

export function addGenerateVideo(toolbox: Toolbox, parts: McpParts, models: readonly string[]): void {
  const tool = {
    name: 'generate_video',
    title: 'Generate a video',
    description,
    input: videoWish,
    shown: shownVideoWish(models),
    annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: false, openWorldHint: true },
  };
  addTool(toolbox, parts, tool, async (wish, call) => {
    const job = await wishedVideo(parts, wish, call);
    call.isAbout(job.id);
    return jobResult(await parts.viewer.present(job, call.baseUrl));
  });
}
