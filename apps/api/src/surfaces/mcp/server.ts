import type { McpServer, ProtocolError, ResourceTemplate } from '@modelcontextprotocol/server';
import packageJson from '../../../package.json' with { type: 'json' };
import { addGenerateVideo } from './generate-video.ts';
import { addJobResource } from './job-resource.ts';
import { addJobTools } from './job-tools.ts';
import { addModelTool } from './model-tool.ts';
import type { McpParts } from './parts.ts';
import { addPrompt } from './prompt.ts';
import type { Toolbox } from './tool.ts';

const instructions = `video-proxy makes videos from words and pictures. A video takes one to several minutes and usually costs money.
1. Call generate_video once. It answers at once with the id of a video job.
2. Call get_video_job with that id and wait_seconds 50, again and again, until the job is completed or failed.
3. Show the user the link and the picture from the answer as they are. When it failed, tell the user why, in their language, with the request id.
Do not call generate_video again because a job is slow, and not after a failure unless the user agrees.
A job that waits for an operator (hold) goes on by itself: tell the user that, and give them the link to follow it.`;

export interface McpClasses {
  readonly McpServer: typeof McpServer;
  readonly ResourceTemplate: typeof ResourceTemplate;
  readonly ProtocolError: typeof ProtocolError;
}

/** Makes a server with everything there is. It keeps nothing between two calls, and learns from each call who asks. */
export function newMcpServer(classes: McpClasses, parts: McpParts, models: readonly string[]): Toolbox {
  const server = new classes.McpServer({ name: 'video-proxy', version: packageJson.version }, { instructions });
  const toolbox: Toolbox = { server, calls: new Map() };
  addGenerateVideo(toolbox, parts, models);
  addJobTools(toolbox, parts);
  addModelTool(toolbox, parts);
  addJobResource(server, classes, parts);
  addPrompt(server);
  return toolbox;
}
