import { once } from 'node:events';
import { resolve } from 'node:path';
import { openApiKey } from '@video-proxy/aimlapi';
import { apiSettings, chooseProvider, readSettings, sharedSettings, workerSettings } from '@video-proxy/contracts';
import { keyAnnouncement } from '@video-proxy/core';
import type { CommandContext } from '../command-context.ts';
import { namesFromEnvFile } from '../env-file.ts';
import { type ExitCode, exitCodes, Problem } from '../problem.ts';
import { launchService } from './launch-service.ts';
import { programPaths } from './program-paths.ts';

/** API and worker, with everything they need that the settings do not name: `npm start`. */
export async function start(context: CommandContext): Promise<ExitCode> {
  const { environment, terminal, interrupted } = context;
  const key = openApiKey({
    value: environment['AI_ML_API_KEY'],
    filePath: environment['AI_ML_API_KEY_FILE'],
  }).current();
  // Before anything can fail: the state of the key is the first line of the log, whatever happens next.
  terminal.out.line(keyAnnouncement(key.inspection, key.fingerprint));
  const note = (line: string) => terminal.err.line(`[video-proxy] ${line}`);
  const fromFile = namesFromEnvFile(context.realEnvironment, context.envFile);
  if (context.envFile !== null && fromFile.length > 0) note(`from ${context.envFile.path}: ${fromFile.join(', ')}`);

  const read = readSettings({ ...sharedSettings, ...apiSettings, ...workerSettings }, environment);
  if (read.kind === 'invalid') {
    throw new Problem('The settings are not valid:', read.problems);
  }
  const { settings } = read;
  const provider = chooseProvider(settings, key.inspection.state === 'missing');
  if (provider === 'sandbox') announceSandbox(context, settings.PROVIDER === undefined);

  const service = await launchService({
    environment: { ...environment, PROVIDER: provider },
    dataDir: resolve(context.cwd, settings.DATA_DIR),
    sandbox: provider === 'sandbox' && settings.AIMLAPI_BASE_URL === undefined ? { secondsPerGeneration: null } : null,
    programs: programPaths(),
    output: 'inherit',
    note,
    signal: interrupted,
  }).catch((error: unknown) => {
    if (interrupted.aborted) return null;
    throw error;
  });
  if (service === null) return exitCodes.ok;

  const failed = await Promise.race([service.failed, ended(interrupted)]);
  await service.stop();
  if (failed !== null) throw new Problem(failed);
  return exitCodes.ok;
}

function announceSandbox({ terminal: { out } }: CommandContext, standsIn: boolean): void {
  const why = standsIn ? 'no AI_ML_API_KEY is set' : 'PROVIDER=sandbox';
  out.line(
    out.paint(
      'yellow',
      `[video-proxy] SANDBOX: ${why}, so all videos are simulated. Nothing reaches AIMLAPI, nothing is billed.`,
    ),
  );
}

async function ended(signal: AbortSignal): Promise<null> {
  if (!signal.aborted) await once(signal, 'abort');
  return null;
}
