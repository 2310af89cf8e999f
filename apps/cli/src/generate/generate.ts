import type { Client } from '@video-proxy/client';
import type { VideoJobRequest, VideoJobWire } from '@video-proxy/contracts';
import { reportResult } from '../client/report-result.ts';
import { requireWritableTarget } from '../client/save-video.ts';
import { serviceClient } from '../client/service-client.ts';
import { watchJob } from '../client/watch-job.ts';
import type { CommandContext } from '../command-context.ts';
import { type ExitCode, exitCodes, Problem } from '../problem.ts';
import { parseParameters } from './parameters.ts';

export interface GenerateOptions {
  readonly model: string;
  readonly param: readonly string[];
  readonly out?: string;
  readonly wait: boolean;
  readonly json: boolean;
  readonly url?: string;
  readonly key?: string;
}

/** One video from a shell: create, follow, save. */
export async function generate(prompt: string, options: GenerateOptions, context: CommandContext): Promise<ExitCode> {
  const { terminal, interrupted } = context;
  const wanted = { model: options.model, prompt, parameters: parseParameters(options.param) };
  const client = serviceClient(options, context);
  const chosenTarget = options.out === undefined ? null : await requireWritableTarget(options.out);

  const created = await create(client, wanted, interrupted);
  if (!options.wait) {
    report(created, options.json, context);
    return exitCodes.ok;
  }
  if (created.provider === 'sandbox') {
    terminal.err.line(
      terminal.err.paint('dim', 'This service uses the sandbox: a simulated video, nothing is billed.'),
    );
  }
  const ended = await watchJob(client, created.id, terminal, interrupted);
  const out = chosenTarget ?? (await requireWritableTarget(`${created.id}.mp4`));
  return reportResult(client, ended, { out, json: options.json }, terminal, interrupted);
}

async function create(client: Client, wanted: VideoJobRequest, interrupted: AbortSignal): Promise<VideoJobWire> {
  try {
    return await client.createJob(wanted, { signal: interrupted });
  } catch (error) {
    if (!interrupted.aborted) throw error;
    throw new Problem(
      'Stopped while the job was being created',
      ['See whether it exists: npx video-proxy jobs list'],
      exitCodes.interrupted,
    );
  }
}

function report(job: VideoJobWire, json: boolean, { terminal }: CommandContext): void {
  if (json) {
    terminal.out.line(JSON.stringify(job, null, 2));
    return;
  }
  terminal.out.line(job.id);
  terminal.err.line(`  watch  ${job.links.watch}`);
  terminal.err.line(`  follow it with: npx video-proxy jobs watch ${job.id}`);
}
