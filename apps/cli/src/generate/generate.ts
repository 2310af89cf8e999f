import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { VideoJobWire } from '@video-proxy/contracts';
import { reportResult } from '../client/report-result.ts';
import { requireWritableTarget } from '../client/save-video.ts';
import { serviceAddress } from '../client/service-address.ts';
import { type NewJob, openServiceClient, ServiceAway, type ServiceClient } from '../client/service-client.ts';
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
  const job: NewJob = { model: options.model, prompt, parameters: parseParameters(options.param) };
  const client = openServiceClient(serviceAddress(options, context.environment));
  const chosenTarget = options.out === undefined ? null : await requireWritableTarget(options.out);

  const created = await create(client, job, interrupted);
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

const createTriesMax = 3;

/** One idempotency key for all tries: an answer that got lost never makes a second video. */
async function create(client: ServiceClient, job: NewJob, interrupted: AbortSignal): Promise<VideoJobWire> {
  const idempotencyKey = `cli-${randomUUID()}`;
  for (let tries = 1; ; tries += 1) {
    try {
      return await client.create(job, idempotencyKey, interrupted);
    } catch (error) {
      if (interrupted.aborted) {
        throw new Problem(
          'Stopped while the job was being created',
          ['See whether it exists: npx video-proxy jobs list'],
          exitCodes.interrupted,
        );
      }
      // Nobody listens at all: trying again only makes the person wait.
      if (!(error instanceof ServiceAway) || error.refused || tries >= createTriesMax) throw error;
      await pause(500 * tries, undefined, { signal: interrupted });
    }
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
