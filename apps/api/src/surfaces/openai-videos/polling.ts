import { isTerminal, type VideoJob } from '@video-proxy/core';
import type { FastifyReply } from 'fastify';

/** A video changes every few seconds at most; without this the Python SDK asks every second. */
const pollAfterSeconds = 5;

export function hintPolling(reply: FastifyReply, job: VideoJob): void {
  if (isTerminal(job.lifecycle.state)) return;
  reply.header('retry-after', pollAfterSeconds).header('openai-poll-after-ms', pollAfterSeconds * 1_000);
}
