import type { Problem } from '../problem.ts';

/** What may be told about whatever was thrown; operators find the rest in the log. */
export type Explain = (error: unknown, requestId: string) => Problem;

/** Why there is no answer, for a language model to repeat. */
export function problemInWords({ message, param }: Problem, requestId: string): string {
  const about = param === null ? '' : ` (about "${param}")`;
  return `${message}${about} Request id: ${requestId}.`;
}
