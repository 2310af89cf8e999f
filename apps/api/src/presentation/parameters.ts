import type { JsonObject, JsonValue } from '@video-proxy/core';

const shownMax = 1_000;

/** Parameters as they are shown: an embedded file of megabytes is named by its beginning and size, not sent back with every answer. */
export function presentParameters(parameters: JsonObject): JsonObject {
  for (const value of Object.values(parameters)) if (isLong(value)) return shortenedObject(parameters);
  return parameters;
}

function isLong(value: JsonValue): boolean {
  if (typeof value === 'string') return value.length > shownMax && value.startsWith('data:');
  if (typeof value !== 'object' || value === null) return false;
  return Object.values(value).some(isLong);
}

function shortened(value: JsonValue): JsonValue {
  if (typeof value === 'string') return isLong(value) ? `${value.slice(0, 64)}… (${value.length} characters)` : value;
  if (typeof value !== 'object' || value === null) return value;
  return Array.isArray(value) ? value.map(shortened) : shortenedObject(value);
}

function shortenedObject(object: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(object).map(([name, value]) => [name, shortened(value)]));
}
