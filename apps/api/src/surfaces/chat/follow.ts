import { isTerminal, type VideoJob } from '@video-proxy/core';
import { keepAlive } from '../../http/event-stream.ts';
import type { Problem } from '../../problem.ts';
import type { SurfaceParts } from '../surface-parts.ts';
import { type Completion, chunk, doneChunk, errorChunk } from './chunks.ts';
import { notYet, progressOf, resultOf } from './result.ts';

/** Chat apps give a silent stream up after some minutes, proxies after one (measured on LibreChat: 300 s). */
const quietMs = 10_000;
export interface FollowParts extends Pick<SurfaceParts, 'jobs' | 'viewer'> {
  readonly explain: (error: unknown) => Problem;
}

/** As long as a job may take with every hold there can be; the link works on afterwards. */
const longestMs = 7_200_000;

/** The headers are out when something goes wrong here, so the error is a part of the stream. */
export async function* followedChunks(
  ...[completion, job, parts, reader]: Parameters<typeof chunksOf>
): AsyncGenerator<string> {
  try {
    yield* chunksOf(completion, job, parts, reader);
  } catch (error) {
    const { message, code } = parts.explain(error);
    yield errorChunk(`${message} The video (${job.id}) goes on.`, code);
  }
}

/** A job from its first chunk to its link. Who leaves leaves the job alone: its link is in the conversation. */
async function* chunksOf(
  completion: Completion,
  job: VideoJob,
  { jobs, viewer }: FollowParts,
  { baseUrl, signal }: { readonly baseUrl: string; readonly signal: AbortSignal },
): AsyncGenerator<string> {
  const first = await viewer.present(job, baseUrl);
  yield chunk(completion, { role: 'assistant', content: '' });
  yield chunk(completion, { reasoning_content: `${job.id}\n${first.links.watch}\n` });
  let told = '';
  for await (const { job: current } of jobs.follow(job.id, { after: null, quietMs, longestMs, signal })) {
    const wire = await viewer.present(current, baseUrl);
    const ended = isTerminal(current.lifecycle.state);
    const line = progressOf(wire);
    if (ended) {
      yield* endChunks(completion, resultOf(wire));
      return;
    }
    yield line === told ? keepAlive : chunk(completion, { reasoning_content: `${line}\n` });
    told = line;
  }
  yield* endChunks(completion, notYet(first));
}

function* endChunks(completion: Completion, content: string): Generator<string> {
  yield chunk(completion, { content });
  yield chunk(completion, {}, 'stop');
  yield doneChunk;
}
