import { type Catalog, describe, type Mode, type ModelDescription } from '@video-proxy/aimlapi/catalog';
import type { JsonObject, JsonValue } from '@video-proxy/core';
import { z } from 'zod';

const modes = [
  'text-to-video',
  'image-to-video',
  'reference-to-video',
  'video-to-video',
  'audio-to-video',
] as const satisfies readonly Mode[];

/** Which models somebody wants to hear of. */
export const modelQuery = z.object({
  query: z.string().max(100).optional().meta({ description: 'Part of a name, such as veo or kling.' }),
  mode: z.enum(modes).optional().meta({ description: 'What the video is made from.' }),
  limit: z.coerce.number().int().min(1).max(50).default(15).meta({ description: 'How many at most.' }),
});

/** The models that fit, a line each. */
export function modelsInWords(catalog: Catalog, { query = '', mode, limit }: z.output<typeof modelQuery>) {
  const words = query.toLowerCase();
  const fitting = catalog
    .list()
    .filter((model) => mode === undefined || model.modes.includes(mode))
    .filter(({ id, aliases }) => [id, ...aliases].some((name) => name.toLowerCase().includes(words)));
  const models = fitting.slice(0, limit).map(describe);
  const more = fitting.length - models.length;
  const lines = [...models.map(lineOf), ...(more > 0 ? [`… and ${more} more: narrow the query.`] : [])];
  return { text: lines.length === 0 ? 'No model fits.' : lines.join('\n'), models, more };
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
