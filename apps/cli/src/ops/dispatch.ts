import { type DispatchState, dispatchState } from '@video-proxy/contracts';
import type { CommandContext } from '../command-context.ts';
import { type ExitCode, exitCodes } from '../problem.ts';
import { type OpsOptions, operatorsApi } from './operators-api.ts';

export interface PauseOptions extends OpsOptions {
  readonly minutes?: number;
}

/** Nothing more is sent to the provider; everybody whose job waits is shown the reason. What was sent already goes on. */
export function pauseDispatch(reason: string, options: PauseOptions, context: CommandContext): Promise<ExitCode> {
  const { minutes } = options;
  const until = minutes === undefined ? {} : { until: Math.floor(Date.now() / 1_000) + minutes * 60 };
  return order('pause', { reason, ...until }, options, context);
}

export function resumeDispatch(options: OpsOptions, context: CommandContext): Promise<ExitCode> {
  return order('resume', {}, options, context);
}

async function order(
  name: 'pause' | 'resume',
  body: object,
  options: OpsOptions,
  context: CommandContext,
): Promise<ExitCode> {
  const { out } = context.terminal;
  const path = `/ops/api/dispatch/${name}`;
  const signal = context.interrupted;
  const state = await operatorsApi(options, context).ask(dispatchState, 'POST', path, { signal, body });
  out.line(options.json ? JSON.stringify(state, null, 2) : inWords(state));
  return exitCodes.ok;
}

function inWords({ paused, waiting_jobs, hold_max_seconds }: DispatchState): string {
  return paused === null
    ? `Submissions are running; ${waiting_jobs} jobs wait.`
    : `Submissions are paused${untilText(paused.until)}: ${paused.reason}. ${waiting_jobs} jobs wait; each fails after ${hold_max_seconds} s of it.`;
}

function untilText(until: number | null): string {
  return until === null ? '' : ` until ${new Date(until * 1_000).toISOString()}`;
}
