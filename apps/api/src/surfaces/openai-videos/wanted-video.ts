import {
  isPictureParameter,
  lengthParameters,
  pictureParameters,
  providerModelName,
  sizeParameters,
  usualLength,
  type VideoModel,
} from '@video-proxy/aimlapi/catalog';
import type { CreateOpenaiVideoBody } from '@video-proxy/contracts';
import type { JsonObject, JsonValue } from '@video-proxy/core';
import { type Problem, problem, Refusal } from '../../problem.ts';
import { type NewVideoJob, unknownModel } from '../../video-jobs/index.ts';
import type { OpenaiVideosParts } from './parts.ts';

/** What the wire says about fields that are left out. */
const usual = { seconds: 4, size: { width: 720, height: 1280 } } as const;

/** A request of OpenAI's in the words of the model it is for. */
export function wantedVideo(
  body: CreateOpenaiVideoBody,
  { catalog, defaultModel }: Pick<OpenaiVideosParts, 'catalog' | 'defaultModel'>,
): NewVideoJob {
  const {
    prompt,
    model: name = defaultModel,
    seconds,
    size,
    input_reference: reference,
    user: _unused,
    ...more
  } = body;
  const id = providerModelName(name, reference !== undefined);
  const model = catalog.find(id);
  if (model === null) throw new Refusal(unknownModel(catalog, id));
  // A JSON body or a form holds JSON.
  const own = spelledOut(model, more as JsonObject);
  const parameters = {
    ...lengthFor(model, seconds),
    ...sizeFor(model, size, reference !== undefined || namesShape(own)),
    ...pictureFor(model, reference),
    ...own,
  };
  return { model: model.id, prompt, parameters, metadata: {} };
}

/** Forms know no truth values. Anything but the two words is left for the check to refuse: `Boolean("false")` is true. */
function spelledOut({ parameters }: VideoModel, values: JsonObject): JsonObject {
  const isTruthValue = (name: string) =>
    parameters !== null &&
    Object.hasOwn(parameters.properties, name) &&
    parameters.properties[name]?.['type'] === 'boolean';
  const spelled = (name: string, value: JsonValue): JsonValue =>
    (value === 'true' || value === 'false') && isTruthValue(name) ? value === 'true' : value;
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, spelled(name, value)]));
}

function lengthFor(model: VideoModel, seconds: number | undefined): JsonObject {
  if (seconds === undefined) return usualLength(model, usual.seconds);
  const parameters = lengthParameters(model, seconds);
  if (parameters === null) throw refused('seconds', `${model.id} does not let the length be chosen; leave it out`);
  return parameters;
}

const namesShape = (own: JsonObject): boolean =>
  ['aspect_ratio', 'ratio', 'frame_size', 'resolution'].some((name) => Object.hasOwn(own, name));

/**
 * @param isOpen whether something else decides about the shape when no size is given: a picture, or the model's own parameters
 */
function sizeFor(model: VideoModel, size: string | undefined, isOpen: boolean): JsonObject {
  if (size === undefined && isOpen) return {};
  const [width = 0, height = 0] = size?.split('x').map(Number) ?? [usual.size.width, usual.size.height];
  const asked = sizeParameters(model, { width, height });
  if (asked.kind === 'offered') return asked.parameters;
  // Without a say of its own, a model takes over the shape of the picture.
  if (size === undefined || (isOpen && asked.offered.length === 0)) return {};
  const hint =
    asked.offered.length === 0 ? 'does not let the size be chosen; leave it out' : `offers ${asked.offered.join(', ')}`;
  throw refused('size', `${model.id} ${hint} (got ${size})`);
}

function pictureFor(model: VideoModel, reference: CreateOpenaiVideoBody['input_reference']): JsonObject {
  const picture = reference?.image_url ?? reference?.file_id;
  if (picture === undefined) return {};
  const parameters = pictureParameters(model, picture);
  if (parameters === null) {
    throw refused('input_reference', `${model.id} takes no picture; choose a model for image-to-video`);
  }
  return parameters;
}

function refused(field: string, why: string): Refusal {
  return new Refusal(problem('invalid_request', `"${field}": ${why}.`, field));
}

const fieldsOf: Readonly<Record<string, string>> = {
  duration: 'seconds',
  aspect_ratio: 'size',
  ratio: 'size',
  frame_size: 'size',
  resolution: 'size',
};

/** The same refusal with the field that the caller sent, where the parameter was made from one. */
export function inOpenaiTerms(why: Problem, body: Readonly<Record<string, unknown>>): Problem {
  // `image_urls[0]` is about what became `image_urls`.
  const name = why.param === null ? '' : (/^[^.[]+/.exec(why.param)?.[0] ?? '');
  if (why.param === null || Object.hasOwn(body, name)) return why;
  return { ...why, param: fieldsOf[name] ?? (isPictureParameter(name) ? 'input_reference' : why.param) };
}
