import type { VideoJob } from '@video-proxy/core';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { problem, Refusal } from '../../problem.ts';
import type { SurfaceParts } from '../surface-parts.ts';
import { pagePolicy } from './page.ts';
import { wordsOf } from './words.ts';

export const watchParams = z.object({ token: z.string() });
export const notice = { description: 'A page that says why', content: { 'text/html': { schema: z.string() } } };

export type WatchedJob = (request: FastifyRequest, token: string) => Promise<VideoJob>;

/** The job behind the token of a link, for whoever has it. */
export function watchedJobOf({ jobs }: Pick<SurfaceParts, 'jobs'>): WatchedJob {
  return async (request, token) => {
    const job = await jobs.getWatched(token);
    if (job === null) throw new Refusal(problem('not_found', wordsOf.en.gone));
    request.jobId = job.id;
    return job;
  };
}

/** The link is a secret: it must not reach other sites as a referrer, nor a search engine. */
export function keepPrivate(reply: FastifyReply, policy = pagePolicy): void {
  reply.headers({
    'content-security-policy': policy,
    'referrer-policy': 'no-referrer',
    'x-robots-tag': 'noindex, nofollow',
  });
}
