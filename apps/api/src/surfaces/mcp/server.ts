import type { McpServer, ResourceTemplate } from '@modelcontextprotocol/server';
import type { VideoModel } from '@video-proxy/aimlapi/catalog';
import packageJson from '../../../package.json' with { type: 'json' };
import { noSuchJob } from '../jobs/not-found.ts';
import { videoWish } from '../video-wish.ts';
import { callOf } from './call.ts';
import { addGenerateVideo } from './generate-video.ts';
import { addJobTools } from './job-tools.ts';
import { addModelTool } from './model-tool.ts';
import type { McpParts } from './parts.ts';

const instructions = `video-proxy makes videos from words and pictures. A video takes one to several minutes and usually costs money.
1. Call generate_video once. It answers at once with the id of a video job.
2. Call get_video_job with that id and wait_seconds 50, again and again, until the job is completed or failed.
3. Show the user the link and the picture from the answer as they are. When it failed, tell the user why, in their language, with the request id.
Do not call generate_video again because a job is slow, and not after a failure unless the user agrees.
A job that waits for an operator (hold) goes on by itself: tell the user that, and give them the link to follow it.`;

export interface McpClasses {
  readonly McpServer: typeof McpServer;
  readonly ResourceTemplate: typeof ResourceTemplate;
}

/** Makes a server with all tools. It keeps nothing between two calls, and learns from each call who asks. */
export function newMcpServer(classes: McpClasses, parts: McpParts, models: readonly VideoModel[]): McpServer {
  const server = new classes.McpServer({ name: 'video-proxy', version: packageJson.version }, { instructions });
  addGenerateVideo(server, parts, videoWish(models.map(({ id }) => id)));
  addJobTools(server, parts);
  addModelTool(server, parts);
  addJobResource(server, classes, parts);
  return server;
}

function addJobResource(server: McpServer, classes: McpClasses, { jobs, viewer }: McpParts): void {
  const template = new classes.ResourceTemplate('video-job://{id}', { list: undefined });
  const config = {
    title: 'A video job',
    description: 'Everything about one of the user’s video jobs.',
    mimeType: 'application/json',
  };
  server.registerResource('video-job', template, config, async (uri, { id }, context) => {
    const call = callOf(context);
    const job = typeof id === 'string' ? await jobs.get(call.asker, id) : null;
    if (job === null) throw noSuchJob();
    const text = JSON.stringify(await viewer.present(job, call.baseUrl));
    return { contents: [{ uri: uri.href, mimeType: 'application/json', text }] };
  });
}
