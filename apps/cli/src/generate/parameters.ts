import { exitCodes, Problem } from '../problem.ts';

/**
 * `duration=8`, `generate_audio=false`, `image_urls=["https://…"]`: a value that is JSON is taken as such, everything else
 * as text, and `duration="8"` (quoted for JSON) forces text. The last one of a name wins.
 */
export function parseParameters(assignments: readonly string[]): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    assignments.map((assignment) => {
      const [, name, value] = /^([A-Za-z_]\w*)=(.*)$/s.exec(assignment) ?? [];
      if (name === undefined || value === undefined) {
        throw new Problem(`--param ${assignment} is not of the form name=value`, [], exitCodes.usage);
      }
      return [name, jsonOrText(value)];
    }),
  );
}

function jsonOrText(value: string): unknown {
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}
