import { promptLengthMax } from '@video-proxy/contracts';
import type { JsonObject, JsonValue } from '@video-proxy/core';
import { type Problem, problem } from '../problem.ts';

/** In characters of JSON. A label or two, not a document: it is stored with the job and sent back with every status. */
const metadataLengthMax = 16_384;

/** What is larger than any honest request, beyond the limit on the whole body. */
export function oversized(parameters: JsonObject, metadata: JsonObject): Problem | null {
  if (JSON.stringify(metadata).length > metadataLengthMax) {
    const text = `"metadata" takes at most ${metadataLengthMax} characters of JSON.`;
    return problem('invalid_request', text, 'metadata');
  }
  for (const [name, value] of Object.entries(parameters)) {
    if (!holdsLongText(value)) continue;
    const text = `"${name}": text takes at most ${promptLengthMax} characters. Only embedded files (data: URIs) may be longer.`;
    return problem('invalid_request', text, name);
  }
  return null;
}

function holdsLongText(value: JsonValue): boolean {
  if (typeof value === 'string') return value.length > promptLengthMax && !value.startsWith('data:');
  return typeof value === 'object' && value !== null && Object.values(value).some(holdsLongText);
}
