/** Success, failure, wrong usage, stopped by the person (128 + SIGINT, as shells do). */
export const exitCodes = { ok: 0, failed: 1, usage: 2, interrupted: 130 } as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** Something a person can act on: printed as `message` and `advice`, without a stack trace. */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly advice: readonly string[];
  readonly exitCode: ExitCode;

  constructor(message: string, advice: readonly string[] = [], exitCode: ExitCode = exitCodes.failed) {
    super(message);
    this.advice = advice;
    this.exitCode = exitCode;
  }
}
