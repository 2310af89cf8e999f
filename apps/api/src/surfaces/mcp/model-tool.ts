import type { McpServer } from '@modelcontextprotocol/server';
import { describe, type Mode, type ModelDescription } from '@video-proxy/aimlapi/catalog';
import type { JsonObject, JsonValue } from '@video-proxy/core';
import { z } from 'zod';
import { answering } from './call.ts';
import type { McpParts } from './parts.ts';

const modes = [
  'text-to-video',
  'image-to-video',
  'reference-to-video',
  'video-to-video',
  'audio-to-video',
] as const satisfies readonly Mode[];

const input = z.object({
  query: z.string().max(100).optional().meta({ description: 'Part of a name, such as veo or kling.' }),
  mode: z.enum(modes).optional().meta({ description: 'What the video is made from.' }),
  limit: z.int().min(1).max(50).default(15),
});

export function addModelTool(server: McpServer, { catalog, explain }: McpParts): void {
  server.registerTool(
    'list_video_models',
    {
      title: 'Video models',
      description: 'Lists video models with what they are made for, their parameters and how long they usually take.',
      inputSchema: input,
      annotations: { readOnlyHint: true, openWorldHint: false },
    },
    async ({ query = '', mode, limit }, context) =>
      answering(context, explain, async () => {
        const words = query.toLowerCase();
        const fitting = catalog
          .list()
          .filter((model) => mode === undefined || model.modes.includes(mode))
          .filter(({ id, aliases }) => [id, ...aliases].some((name) => name.toLowerCase().includes(words)));
        const shown = fitting.slice(0, limit).map(describe);
        const rest = fitting.length - shown.length;
        const lines = [...shown.map(lineOf), ...(rest > 0 ? [`… and ${rest} more: narrow the query.`] : [])];
        const text = lines.length === 0 ? 'No model fits.' : lines.join('\n');
        return { content: [{ type: 'text', text }], structuredContent: { models: shown, more: rest } };
      }),
  );
}

function lineOf({ id, modes: made, expected_seconds: seconds, parameters }: ModelDescription): string {
  const known =
    parameters === null
      ? 'parameters are not documented'
      : Object.entries(parameters.properties).map(inWords).join(', ');
  return `- ${id} (${made.join(', ')}; about ${seconds} s): ${known}`;
}

function inWords([name, schema]: [string, JsonObject]): string {
  const choices = schema['enum'];
  return Array.isArray(choices) ? `${name} (${choices.map((choice: JsonValue) => String(choice)).join('|')})` : name;
}
