import { type ExitCode, exitCodes, Problem } from './problem.ts';
import type { Terminal } from './terminal.ts';

/** The last words of a command that did not end well. A stack trace is for those who ask for one. */
export function reportFailure(error: unknown, { err }: Terminal, withStack: boolean): ExitCode {
  const name = (style: 'red' | 'yellow') => err.paint(style, 'video-proxy:');
  if (error instanceof Problem) {
    err.line(`${name(error.exitCode === exitCodes.interrupted ? 'yellow' : 'red')} ${error.message}`);
    for (const line of error.advice) err.line(`  ${line}`);
    return error.exitCode;
  }
  const known = error instanceof Error;
  err.line(`${name('red')} ${known && withStack ? error.stack : known ? error.message : String(error)}`);
  if (!withStack) err.line('  Unexpected. Run it again with LOG_LEVEL=debug to see where it comes from.');
  return exitCodes.failed;
}
