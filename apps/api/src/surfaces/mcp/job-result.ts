import type { CallToolResult, ContentBlock } from '@modelcontextprotocol/server';
import type { VideoJobWire } from '@video-proxy/contracts';
import { jobInWords } from '../job-in-words.ts';
import { playerPage } from './player.ts';

/** A job as a language model reads it: what is so, what to do next, and links to repeat. The text alone says everything. */
export function jobResult(job: VideoJobWire): CallToolResult {
  const content: ContentBlock[] = [{ type: 'text', text: jobInWords(job) }];
  if (job.video !== null) {
    const player = { uri: `ui://video-proxy/${job.id}`, mimeType: 'text/html', text: playerPage(job, job.video) };
    content.push({ type: 'resource', resource: player });
  }
  return { content, structuredContent: { ...job }, ...(job.status === 'failed' && { isError: true }) };
}
