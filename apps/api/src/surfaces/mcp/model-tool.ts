import type { McpServer } from '@modelcontextprotocol/server';
import { modelQuery, modelsInWords } from '../models-in-words.ts';
import { answering } from './call.ts';
import type { McpParts } from './parts.ts';

export function addModelTool(server: McpServer, { catalog, explain }: McpParts): void {
  server.registerTool(
    'list_video_models',
    {
      title: 'Video models',
      description: 'Lists video models with what they are made for, their parameters and how long they usually take.',
      inputSchema: modelQuery,
      annotations: { readOnlyHint: true, openWorldHint: false },
    },
    async (query, context) =>
      answering(context, explain, async () => {
        const { text, models, more } = modelsInWords(catalog, query);
        return { content: [{ type: 'text', text }], structuredContent: { models, more } };
      }),
  );
}
