import type { JsonObject, JsonValue } from '@video-proxy/core';
import type { FastifyRequest } from 'fastify';
import { problem, Refusal } from '../../problem.ts';
import type { ApiServer } from '../../server.ts';
import { pictureUri } from './picture-uri.ts';

const partsMax = 200;
const depthMax = 4;

interface Form {
  [name: string]: FormValue;
}
type FormValue = JsonValue | Form;

/**
 * `multipart/form-data`, which the SDKs of OpenAI always send with a create, as the object that JSON would have been. Read as a
 * whole and not streamed: it may be no larger than JSON, and a request that comes again has to be recognised by what it holds.
 */
export function readForms(app: ApiServer): void {
  app.removeContentTypeParser('multipart/form-data');
  app.addContentTypeParser<Buffer>(
    'multipart/form-data',
    { parseAs: 'buffer' },
    async ({ headers }: FastifyRequest, body: Buffer) => readForm(headers['content-type'] ?? '', body),
  );
}

/** Parts may come in any order and any of them more than once; the last of a name counts. */
async function readForm(contentType: string, body: Buffer): Promise<JsonObject> {
  const parts = [...(await parsed(contentType, body))];
  if (parts.length > partsMax) throw unreadable(`it has more than ${partsMax} parts`);
  const form: Form = {};
  for (const [name, value] of parts) {
    const path = pathOf(name);
    if (typeof value === 'string') put(form, path, inUtf8(value, body));
    else put(form, [...path, 'image_url'], await pictureUri(name, value));
  }
  // Only texts and objects of texts were put in.
  return form as JsonObject;
}

async function parsed(contentType: string, body: Buffer): Promise<Iterable<[string, string | File]>> {
  try {
    return await new Response(new Uint8Array(body), { headers: { 'content-type': contentType } }).formData();
  } catch {
    throw unreadable('its parts do not fit its boundary');
  }
}

/** What was decoded with a loss does not stand in the body; a prompt like that would be paid for and be garbage. */
function inUtf8(text: string, body: Buffer): string {
  if (text.includes('\ufffd') && !body.includes(text)) throw unreadable('it is not text in UTF-8');
  return text;
}

/** `input_reference[image_url]` and `tags[]` are how the SDKs write an object and a list. */
function pathOf(name: string): string[] {
  const [, first, rest = ''] = /^([^[\]]+)((?:\[[^[\]]*\])*)$/.exec(name) ?? [];
  const path =
    first === undefined ? [name] : [first, ...[...rest.matchAll(/\[([^\]]*)\]/g)].map(([, key = '']) => key)];
  if (path.length > depthMax || path.includes('__proto__')) throw unreadable('a part has an impossible name');
  return path;
}

function put(form: Form, [key = '', ...rest]: readonly string[], value: string): void {
  const before = Object.hasOwn(form, key) ? form[key] : undefined;
  if (rest.length === 0) form[key] = value;
  else if (rest[0] === '') form[key] = [...(Array.isArray(before) ? before : []), value];
  else {
    const inner: Form = isForm(before) ? before : {};
    form[key] = inner;
    put(inner, rest, value);
  }
}

const isForm = (value: FormValue | undefined): value is Form =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const unreadable = (why: string) => new Refusal(problem('invalid_request', `The form could not be read: ${why}.`));
