import { modelQuery, modelsInWords } from '../models-in-words.ts';
import type { McpParts } from './parts.ts';
import { addTool, type Toolbox } from './tool.ts';

export function addModelTool(toolbox: Toolbox, parts: McpParts): void {
  const tool = {
    name: 'list_video_models',
    title: 'Video models',
    description: 'Lists video models with what they are made for, their parameters and how long they usually take.',
    input: modelQuery,
    annotations: { readOnlyHint: true, openWorldHint: false },
  };
  addTool(toolbox, parts, tool, async (query) => {
    const { text, models, more } = modelsInWords(parts.catalog, query);
    return { content: [{ type: 'text', text }], structuredContent: { models, more } };
  });
}
