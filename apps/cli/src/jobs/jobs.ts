import type { VideoJobWire } from '@video-proxy/contracts';
import { errorLines, paintStatus, providerLines, stepText, videoLine } from '../client/job-text.ts';
import { reportResult } from '../client/report-result.ts';
import { requireWritableTarget } from '../client/save-video.ts';
import { type ServiceOptions, serviceClient } from '../client/service-client.ts';
import { watchJob } from '../client/watch-job.ts';
import type { CommandContext } from '../command-context.ts';
import { type ExitCode, exitCodes } from '../problem.ts';
import { jobTable } from './job-table.ts';

export interface ClientOptions extends ServiceOptions {
  readonly json: boolean;
}

export interface ListOptions extends ClientOptions {
  readonly status?: VideoJobWire['status'];
  readonly model?: string;
  readonly limit: number;
  readonly after?: string;
}

export async function listJobs(options: ListOptions, context: CommandContext): Promise<ExitCode> {
  const { status, model, limit, after } = options;
  const page = await serviceClient(options, context).listJobs({
    signal: context.interrupted,
    limit,
    ...(status === undefined ? {} : { status }),
    ...(model === undefined ? {} : { model }),
    ...(after === undefined ? {} : { after }),
  });
  const { out, err } = context.terminal;
  if (options.json) {
    out.line(JSON.stringify(page, null, 2));
    return exitCodes.ok;
  }
  for (const line of jobTable(page.data, out, Date.now())) out.line(line);
  if (page.data.length === 0) err.line('No jobs. Make one with: npx video-proxy generate "a cat in the rain"');
  if (page.has_more) err.line(`More: npx video-proxy jobs list --after ${page.data.at(-1)?.id ?? ''}`);
  return exitCodes.ok;
}

export async function showJob(id: string, options: ClientOptions, context: CommandContext): Promise<ExitCode> {
  print(await serviceClient(options, context).readJob(id, { signal: context.interrupted }), options, context);
  return exitCodes.ok;
}

export async function watch(
  id: string,
  options: ClientOptions & { readonly out?: string },
  context: CommandContext,
): Promise<ExitCode> {
  const client = serviceClient(options, context);
  const out = options.out === undefined ? null : await requireWritableTarget(options.out);
  const ended = await watchJob(client, id, context.terminal, context.interrupted);
  return reportResult(client, ended, { out, json: options.json }, context.terminal, context.interrupted);
}

export async function cancelJob(id: string, options: ClientOptions, context: CommandContext): Promise<ExitCode> {
  print(await serviceClient(options, context).cancelJob(id, { signal: context.interrupted }), options, context);
  return exitCodes.ok;
}

export async function retryJob(
  id: string,
  options: ClientOptions & { readonly confirmCost: boolean },
  context: CommandContext,
): Promise<ExitCode> {
  const { confirmCost } = options;
  const signal = context.interrupted;
  print(await serviceClient(options, context).retryJob(id, { confirmCost, signal }), options, context);
  return exitCodes.ok;
}

export async function recheckJob(id: string, options: ClientOptions, context: CommandContext): Promise<ExitCode> {
  print(await serviceClient(options, context).recheckJob(id, { signal: context.interrupted }), options, context);
  return exitCodes.ok;
}

function print(job: VideoJobWire, options: ClientOptions, { terminal: { out } }: CommandContext): void {
  if (options.json) {
    out.line(JSON.stringify(job, null, 2));
    return;
  }
  const row = (name: string, text: string) => out.line(`${out.paint('dim', name.padEnd(9))} ${text}`);
  const rows = (name: string, lines: readonly string[]) =>
    lines.forEach((line, index) => void row(index === 0 ? name : '', line));
  out.line(`${out.paint('bold', job.id)} ${paintStatus(out, job)}`);
  row('now', `${stepText(job)}${job.status === 'in_progress' ? `, ${job.progress} %` : ''}`);
  row('model', `${job.model} (${job.provider}), attempt ${job.attempt}`);
  if (job.prompt !== null) row('prompt', job.prompt);
  if (Object.keys(job.parameters).length > 0) row('with', JSON.stringify(job.parameters));
  row('created', new Date(job.created_at * 1000).toISOString().replace('.000Z', 'Z'));
  if (job.generation_id !== null) row('generation', job.generation_id);
  if (job.hold?.provider != null) rows('hold', providerLines(job.hold.provider));
  rows('error', errorLines(job));
  if (job.video !== null) row('video', videoLine(job.video));
  row('watch', job.links.watch);
}
