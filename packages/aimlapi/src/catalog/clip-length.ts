import type { JsonObject } from '@video-proxy/core';
import type { VideoModel } from './video-model.ts';

/** The parameter for a clip of so many seconds, unchecked; null when the model does not let the length be chosen. */
export function lengthParameters({ parameters }: VideoModel, seconds: number): JsonObject | null {
  return parameters === null || Object.hasOwn(parameters.properties, 'duration') ? { duration: seconds } : null;
}

/** A length for who names none: the usual one where the model has it, else its own, which needs no parameter. */
export function usualLength({ parameters }: VideoModel, usualSeconds: number): JsonObject {
  const duration = parameters?.properties['duration'];
  if (duration === undefined) return {};
  const { enum: lengths, minimum, maximum } = duration;
  const offered = Array.isArray(lengths)
    ? lengths.includes(usualSeconds)
    : Number(minimum) <= usualSeconds && usualSeconds <= Number(maximum);
  if (offered) return { duration: usualSeconds };
  if (duration['default'] !== undefined || !Array.isArray(lengths) || lengths[0] === undefined) return {};
  return { duration: lengths[0] };
}

/** The length that parameters ask for, or the model's own; null when it is not known beforehand. */
export function clipSecondsOf({ parameters: schema }: VideoModel, parameters: JsonObject): number | null {
  const seconds = parameters['duration'] ?? schema?.properties['duration']?.['default'];
  return typeof seconds === 'number' ? seconds : null;
}
