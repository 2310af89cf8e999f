import { isTerminal, type VideoJob } from '@video-proxy/core';
import { keepAlive } from '../../http/event-stream.ts';
import type { SurfaceParts } from '../surface-parts.ts';
import { type Completion, chunk, doneChunk } from './chunks.ts';
import { progressOf, resultOf } from './result.ts';

/** Chat apps give a silent stream up after some minutes, proxies after one (measured on LibreChat: 300 s). */
const quietMs = 10_000;
/** As long as a job may take with every hold there can be; the link works on afterwards. */
const longestMs = 7_200_000;

/** A job from its first chunk to its link. Who leaves leaves the job alone: its link is in the conversation. */
export async function* followedChunks(
  completion: Completion,
  job: VideoJob,
  { jobs, viewer }: Pick<SurfaceParts, 'jobs' | 'viewer'>,
  { baseUrl, signal }: { readonly baseUrl: string; readonly signal: AbortSignal },
): AsyncGenerator<string> {
  const first = await viewer.present(job, baseUrl);
  yield chunk(completion, { role: 'assistant', content: '' });
  yield chunk(completion, { reasoning_content: `${job.id}\n${first.links.watch}\n` });
  let current = job;
  let told = '';
  for await (const followed of jobs.follow(job.id, { after: null, quietMs, longestMs, signal })) {
    if (followed.kind !== 'quiet') current = followed.job;
    const wire = await viewer.present(current, baseUrl);
    const ended = isTerminal(current.lifecycle.state);
    const line = progressOf(wire);
    if (ended) {
      yield chunk(completion, { content: resultOf(wire) });
      break;
    }
    yield line === told ? keepAlive : chunk(completion, { reasoning_content: `${line}\n` });
    told = line;
  }
  yield chunk(completion, {}, 'stop');
  yield doneChunk;
}
