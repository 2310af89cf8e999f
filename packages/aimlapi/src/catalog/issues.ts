import type { JsonObject, JsonValue } from '@video-proxy/core';
import type { ErrorObject } from 'ajv/dist/2020.js';
import { distance } from 'fastest-levenshtein';
import type { ParameterIssue } from './video-model.ts';

/** More choices than this are counted instead of listed: one model has 82 effects. */
const choicesShownMax = 20;
const quoteLengthMax = 40;

/** Names that mean the same with different models, by the provider's own inconsistency (docs). */
const synonyms: readonly (readonly string[])[] = [
  ['aspect_ratio', 'ratio', 'frame_size', 'size'],
  ['tail_image_url', 'last_image_url', 'end_image_url'],
  ['image_url', 'first_frame_image', 'image', 'input_reference'],
  ['camerafixed', 'camera_fixed'],
  ['generate_audio', 'generate_audio_switch', 'audio'],
  ['image_urls', 'image_list', 'reference_image_urls', 'reference_images', 'references'],
  ['duration', 'seconds', 'length'],
];

const typeNames: { readonly [type: string]: string } = {
  integer: 'a whole number',
  number: 'a number',
  string: 'a text',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  null: 'null',
};

/** `/multi_prompt/0/duration` as people write it: `multi_prompt[0].duration`. */
function pathOf(pointer: string): string {
  return pointer
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
    .map((part, index) => (/^\d+$/.test(part) ? `[${part}]` : index === 0 ? part : `.${part}`))
    .join('');
}

const quoted = (value: unknown): string => {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > quoteLengthMax ? `${text.slice(0, quoteLengthMax)}…` : text;
};

/** `4, 6, 8`; `a whole number from 3 to 15`; or how many there are. */
function choicesText(choices: readonly JsonValue[]): string {
  const first = choices[0];
  const isRange = choices.length > 5 && choices.every((choice, index) => choice === Number(first) + index);
  if (isRange) return `a whole number from ${first} to ${choices.at(-1)}`;
  if (choices.length === 1) return String(first);
  const shown = choices.slice(0, choicesShownMax).map(String).join(', ');
  return choices.length > choicesShownMax ? `one of ${shown} … (${choices.length} values)` : `one of ${shown}`;
}

/** The parameter that was probably meant: the same name in snake case, a synonym, or a near misspelling. */
function meantBy(name: string, known: readonly string[]): string | undefined {
  const snake = name
    .slice(0, 64)
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replaceAll('-', '_')
    .toLowerCase();
  if (known.includes(snake)) return snake;
  const alike = synonyms.find((group) => group.includes(snake))?.find((synonym) => known.includes(synonym));
  if (alike !== undefined) return alike;
  const near = known
    .map((candidate) => ({ candidate, edits: distance(snake, candidate) }))
    .sort((a, b) => a.edits - b.edits)[0];
  return near !== undefined && near.edits <= Math.max(2, snake.length / 3) ? near.candidate : undefined;
}

/** What a JSON Schema error says to the person who sent the request, or null where another error already says it. */
export function issueOf(error: ErrorObject, modelId: string): ParameterIssue | null {
  const param = pathOf(error.instancePath);
  const must = (rest: string): ParameterIssue => ({
    param,
    message: `${param} must be ${rest} for ${modelId} (got ${quoted(error.data)})`,
  });
  const { params } = error;
  switch (error.keyword) {
    case 'additionalProperties':
      return unknownParameter(error, param, modelId);
    case 'required': {
      const missing = pathOf(`${error.instancePath}/${params['missingProperty']}`);
      return { param: missing, message: `${missing} is required for ${modelId}` };
    }
    case 'enum': {
      const allowed: readonly JsonValue[] = params['allowedValues'];
      return { ...must(choicesText(allowed)), allowed };
    }
    case 'type':
      return must(
        [params['type']]
          .flat()
          .map((type) => typeNames[type] ?? type)
          .join(' or '),
      );
    case 'minimum':
      return must(`at least ${params['limit']}`);
    case 'maximum':
      return must(`at most ${params['limit']}`);
    case 'minItems':
      return { param, message: `${param} needs at least ${params['limit']} entries for ${modelId}` };
    case 'maxItems':
      return { param, message: `${param} takes at most ${params['limit']} entries for ${modelId}` };
    case 'maxLength':
      return { param, message: `${param} takes at most ${params['limit']} characters for ${modelId}` };
    case 'format':
      return must(params['format'] === 'uri' ? 'an http(s) URL or a data: URI' : `a ${params['format']}`);
    // The errors of the branches contradict each other; only the sum of them is true.
    case 'anyOf':
    case 'oneOf':
      return { param, message: `${param} has none of the accepted shapes for ${modelId}` };
    default:
      return { param, message: `${param || 'parameters'} ${error.message ?? 'is not valid'} for ${modelId}` };
  }
}

function unknownParameter(error: ErrorObject, parent: string, modelId: string): ParameterIssue {
  const name = String(error.params['additionalProperty']);
  const param = parent === '' ? name.slice(0, 64) : `${parent}.${name.slice(0, 64)}`;
  const known = Object.keys((error.parentSchema as { properties?: JsonObject }).properties ?? {});
  const meant = meantBy(name, known);
  const hint =
    name === 'prompt' || name === 'model'
      ? `${name} belongs beside parameters, not inside`
      : meant === undefined
        ? 'the provider silently ignores fields it does not know'
        : `did you mean ${meant}? The provider silently ignores fields it does not know`;
  return { param, message: `${quoted(param)} is not a parameter of ${modelId}: ${hint}` };
}
