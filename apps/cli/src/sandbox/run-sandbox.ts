import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { sandboxApiKey, startSandbox } from '@video-proxy/sandbox';
import type { CommandContext } from '../command-context.ts';
import { type ExitCode, exitCodes, Problem } from '../problem.ts';
import type { SandboxReady } from '../start/sandbox-child.ts';

export interface RunSandboxOptions {
  readonly host: string;
  readonly port: number;
  /** Seconds a generation takes; without it the sandbox takes a twentieth of the model's real time. */
  readonly seconds?: number;
  readonly journal?: string;
  readonly supervised: boolean;
}

/** The simulated provider by itself, until it is interrupted. */
export async function runSandbox(options: RunSandboxOptions, context: CommandContext): Promise<ExitCode> {
  const journalPath = options.journal === undefined ? undefined : resolve(context.cwd, options.journal);
  if (journalPath !== undefined) await mkdir(dirname(journalPath), { recursive: true });
  const { out } = context.terminal;
  await using sandbox = await startSandbox({
    host: options.host,
    port: options.port,
    generationSeconds: options.seconds,
    journalPath,
  }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'EADDRINUSE')
      throw new Problem(`Port ${options.port} is in use`, ['Choose another with --port.']);
    throw error;
  });
  if (options.supervised) {
    const ready: SandboxReady = { type: 'sandbox_ready', url: sandbox.url };
    context.tellSupervisor?.(ready);
  } else {
    out.line(`Sandbox provider listening on ${sandbox.url}`);
    out.line(`  use it  AIMLAPI_BASE_URL=${sandbox.url} AI_ML_API_KEY=${sandboxApiKey} npm start`);
    out.line('  steer   write [sandbox:<word>] into a prompt, for example [sandbox:incident]; nothing is ever billed');
  }
  if (!context.interrupted.aborted) await once(context.interrupted, 'abort');
  return exitCodes.ok;
}
