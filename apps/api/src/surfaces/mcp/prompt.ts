import type { GetPromptResult, McpServer } from '@modelcontextprotocol/server';
import { promptLengthMax } from '@video-proxy/contracts';
import { z } from 'zod';

// Arguments of prompts are text, says the protocol.
const wish = z.object({
  wish: z.string().max(promptLengthMax).meta({ description: 'What is to be seen.' }),
  seconds: z.string().max(10).optional().meta({ description: 'How long the video is to be.' }),
  shape: z.string().max(20).optional().meta({ description: 'Such as 16:9, or upright.' }),
});

/** The way from a wish to a video, for people who start it from a menu of their chat app: also where the app shows no instructions. */
export function addPrompt(server: McpServer): void {
  const config = {
    title: 'Make a video',
    description: 'Has a video made from a wish and shows it when it is ready.',
    argsSchema: wish,
  };
  server.registerPrompt('make_video', config, ({ wish: words, seconds, shape }): GetPromptResult => {
    const details = [...(seconds ? [`Length: ${seconds}.`] : []), ...(shape ? [`Shape: ${shape}.`] : [])];
    const text = [
      `Make a video: ${words}`,
      ...details,
      'Choose a fitting model with list_video_models and call generate_video once. Then call get_video_job with wait_seconds 50 until the job has ended, and show me its link and picture, or tell me why there is none.',
    ].join('\n');
    return { messages: [{ role: 'user', content: { type: 'text', text } }] };
  });
}
