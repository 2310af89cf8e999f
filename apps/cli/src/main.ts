/**
 * The `video-proxy` command: runs the service (`start`, `demo`, `sandbox`), uses it (`generate`, `jobs`), and finds out what is wrong
 * with it (`doctor`). Only this file touches the process; everything below is given what it needs.
 */
import { runCli } from './cli.ts';
import { projectFolders, readEnvFile, withEnvFile } from './env-file.ts';
import { exitCodes } from './problem.ts';
import { reportFailure } from './report-failure.ts';
import { projectFolder } from './start/program-paths.ts';
import { openTerminal } from './terminal.ts';

const interruption = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => interruption.abort());
// A supervised process must not outlive its supervisor, however that one ended.
process.on('disconnect', () => interruption.abort());
// `video-proxy jobs list | head`: the reader has seen enough.
process.stdout.on('error', (error: NodeJS.ErrnoException) =>
  process.exit(error.code === 'EPIPE' ? exitCodes.ok : exitCodes.failed),
);

const terminal = openTerminal(process, process.env);
try {
  const cwd = process.cwd();
  const folders = projectFolders(cwd, projectFolder());
  const envFile = readEnvFile(folders);
  const exitCode = await runCli(process.argv.slice(2), {
    environment: withEnvFile(process.env, envFile),
    realEnvironment: process.env,
    envFile,
    cwd,
    folders,
    terminal,
    interrupted: interruption.signal,
    tellSupervisor: process.send?.bind(process) ?? null,
  });
  process.exit(exitCode);
} catch (error) {
  process.exit(reportFailure(error, terminal, process.env['LOG_LEVEL'] === 'debug'));
}
