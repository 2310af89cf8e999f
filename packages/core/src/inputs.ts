import type { JsonObject, JsonValue } from './json.ts';

const inputId = /^file_[0-7][0-9a-hjkmnp-tv-z]{25}$/;

/** Whether a parameter names a file that was given to this service, instead of holding or linking one. */
export function isInputId(text: string): boolean {
  return inputId.test(text);
}

const inputLink = /^https?:\/\/\S+\/f\/([0-7][0-9a-hjkmnp-tv-z]{25})[\w-]{22}$/;

/** The file that a parameter names or, for films and sounds, that it links at this service; null for anything else. */
export function inputIdOf(text: string): string | null {
  if (isInputId(text)) return text;
  const ulid = inputLink.exec(text)?.[1];
  return ulid === undefined ? null : `file_${ulid}`;
}

/** A text inside parameters, and where it stands: `image_url`, `image_list[1]`, `elements[0].image_url`. */
export interface PlacedText {
  readonly text: string;
  readonly param: string;
}

/** Every text inside parameters. Their depth has been limited where they came in. */
export function textsOf(parameters: JsonObject): readonly PlacedText[] {
  return Object.entries(parameters).flatMap(([name, value]) => textsIn(value, name));
}

function textsIn(value: JsonValue, param: string): readonly PlacedText[] {
  if (typeof value === 'string') return [{ text: value, param }];
  if (Array.isArray(value)) return value.flatMap((item, index) => textsIn(item, `${param}[${index}]`));
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) => textsIn(inner, `${param}.${name}`));
}

/** The same parameters with some of their texts replaced. */
export function withTexts(parameters: JsonObject, replacements: ReadonlyMap<string, string>): JsonObject {
  const replaced = (value: JsonValue): JsonValue => {
    if (typeof value === 'string') return replacements.get(value) ?? value;
    if (Array.isArray(value)) return value.map(replaced);
    return typeof value === 'object' && value !== null ? withTexts(value, replacements) : value;
  };
  return Object.fromEntries(Object.entries(parameters).map(([name, value]) => [name, replaced(value)]));
}
