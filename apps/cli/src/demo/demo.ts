import { type Client, openClient } from '@video-proxy/client';
import type { VideoJobWire } from '@video-proxy/contracts';
import { errorLines, videoLine } from '../client/job-text.ts';
import { requireWritableTarget, saveVideo } from '../client/save-video.ts';
import { watchJob } from '../client/watch-job.ts';
import type { CommandContext } from '../command-context.ts';
import { defaultModel } from '../generate/default-model.ts';
import { type ExitCode, exitCodes, Problem } from '../problem.ts';
import type { Output } from '../terminal.ts';
import { type DemoService, startDemoService } from './demo-service.ts';

export interface DemoOptions {
  readonly out: string;
}

/** A newcomer's minute; a demo that takes longer has failed and says why. */
const longestMs = 60_000;
const prompt = 'A paper boat sails down a rainy street, cinematic, slow motion';
const incidentPrompt = '[sandbox:incident] A paper boat sails down a rainy street';

/** One video from submission to a saved file, then the incident of 2025-12-05 and what this service makes of it. */
export async function demo(options: DemoOptions, context: CommandContext): Promise<ExitCode> {
  const { terminal, interrupted, environment } = context;
  const { out } = terminal;
  const target = await requireWritableTarget(options.out);
  const deadline = AbortSignal.timeout(longestMs);
  const signal = AbortSignal.any([interrupted, deadline]);

  out.line(out.paint('bold', 'video-proxy demo'));
  out.line(
    'Everything is private to this run and simulated by the sandbox: nothing reaches AIMLAPI, nothing is billed.',
  );
  if ((environment['AI_ML_API_KEY'] ?? '') !== '') out.line('AI_ML_API_KEY is set and not used.');
  out.line();
  try {
    const startedMs = performance.now();
    await using service = await startDemoService(context.realEnvironment, signal);
    out.line(
      `Redis, sandbox, API and worker run: ${service.origin} (${((performance.now() - startedMs) / 1000).toFixed(1)} s)`,
    );
    await Promise.race([showAround(service, target, context, signal), service.failed]);
    return exitCodes.ok;
  } catch (error) {
    if (interrupted.aborted)
      throw new Problem('The demo was stopped; its processes have ended.', [], exitCodes.interrupted);
    if (deadline.aborted) throw new Problem(`The demo took longer than ${longestMs / 1000} s and was stopped.`);
    throw error;
  }
}

async function showAround(
  service: DemoService,
  target: string,
  context: CommandContext,
  signal: AbortSignal,
): Promise<void> {
  const { out } = context.terminal;
  const client = openClient({ baseUrl: service.origin });

  heading(out, '1. A video');
  const job = await makeVideo(client, prompt, context, signal);
  const { video } = job;
  if (video === null)
    throw new Problem(['The video was not made.', ...errorLines(job)].join('\n  '), service.logTail());
  await saveVideo(client, job, target, signal);
  out.line(`${out.paint('green', 'completed')} ${videoLine(video)}`);
  out.line(`  file    ${target}`);
  out.line(`  sha256  ${video.sha256}`);

  heading(out, '2. The incident of 2025-12-05: a rejected key behind a healthy service');
  const failed = await makeVideo(client, incidentPrompt, context, signal);
  if (failed.error?.provider?.status_code !== 401) {
    throw new Problem('The replayed incident was not recognised.', service.logTail());
  }
  for (const line of errorLines(failed)) out.line(`  ${line}`);
  out.line('Back then this took a shell in the container. Now the job itself says it, and so does: npm run doctor');

  out.line();
  out.line(`${out.paint('bold', 'Next')}  npm start                                      the same service, to stay`);
  out.line('      npx video-proxy generate "a cat in the rain"   in another terminal');
}

function heading(out: Output, text: string): void {
  out.line();
  out.line(out.paint('bold', text));
}

async function makeVideo(
  client: Client,
  words: string,
  { terminal }: CommandContext,
  signal: AbortSignal,
): Promise<VideoJobWire> {
  const created = await client.createJob(
    { model: defaultModel, prompt: words, parameters: { duration: 4, resolution: '720p' } },
    { signal },
  );
  terminal.out.line(`  POST /v1/jobs → ${created.id}`);
  return watchJob(client, created.id, terminal, signal);
}
