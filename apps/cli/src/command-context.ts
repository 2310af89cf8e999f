import type { Environment } from '@video-proxy/contracts';
import type { EnvFile } from './env-file.ts';
import type { Terminal } from './terminal.ts';

/** What every command is given; nothing below reads the process itself. */
export interface CommandContext {
  /** What a process started here sees: the real environment, completed by `.env`. */
  readonly environment: Environment;
  readonly realEnvironment: Environment;
  readonly envFile: EnvFile | null;
  readonly cwd: string;
  /** Where `.env`, zeabur.json and deploy/ are looked for, best first. */
  readonly folders: readonly string[];
  readonly terminal: Terminal;
  /** Aborts when the person (Ctrl-C) or the platform (SIGTERM) wants an end. */
  readonly interrupted: AbortSignal;
  /** Null unless a supervisor started this process; then what it says to it. */
  readonly tellSupervisor: ((message: unknown) => void) | null;
}
