import type { JsonObject, JsonValue } from '@video-proxy/core';

const isObject = (value: JsonValue | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const typesOf = (schema: JsonObject): readonly JsonValue[] =>
  Array.isArray(schema['type']) ? schema['type'] : [schema['type'] ?? null];

/**
 * A value in the spelling of its schema, where the meaning is beyond doubt: `"8"` for a number, `"1080P"` for `1080p`.
 * The provider's own samples send numeric strings, and its models disagree about the letter case of resolutions. A
 * text is never read as a boolean: whether "0" or "no" was meant would be a guess.
 */
function respell(schema: JsonObject, value: JsonValue): JsonValue {
  if (typeof value === 'string') return respellText(schema, value);
  const { items, properties } = schema;
  if (Array.isArray(value)) return isObject(items) ? value.map((item) => respell(items, item)) : value;
  if (isObject(value) && isObject(properties)) return respellProperties(properties, value);
  return value;
}

/** Each known property respelled; unknown ones are left for validation to name. */
export function respellProperties(properties: { readonly [name: string]: JsonValue }, values: JsonObject): JsonObject {
  const respelled = Object.entries(values).map(([name, value]): [string, JsonValue] => {
    const schema = Object.hasOwn(properties, name) ? properties[name] : undefined;
    return [name, isObject(schema) ? respell(schema, value) : value];
  });
  return Object.fromEntries(respelled);
}

/** `null` for a parameter that may not be null is how many generated clients say "not set". */
export function withoutUnset(properties: { readonly [name: string]: JsonObject }, values: JsonObject): JsonObject {
  const isUnset = ([name, value]: [string, JsonValue]) =>
    value === null && Object.hasOwn(properties, name) && !typesOf(properties[name] ?? {}).includes('null');
  const entries = Object.entries(values);
  return entries.some(isUnset) ? Object.fromEntries(entries.filter((entry) => !isUnset(entry))) : values;
}

function respellText(schema: JsonObject, text: string): JsonValue {
  const types = typesOf(schema);
  if (types.includes('integer') || types.includes('number'))
    return /^-?\d{1,15}(\.\d{1,10})?$/.test(text) ? Number(text) : text;
  const choices = schema['enum'];
  if (!Array.isArray(choices) || choices.includes(text)) return text;
  const wanted = text.toLowerCase();
  return choices.find((choice) => typeof choice === 'string' && choice.toLowerCase() === wanted) ?? text;
}
