import { type OperatorJob, type OperatorJobList, searchJobsQuery } from '@video-proxy/contracts';
import type { VideoJob } from '@video-proxy/core';
import { failureGroupIdOf } from '@video-proxy/ledger';
import { baseUrlOf } from '../../http/base-url.ts';
import { unixSeconds } from '../../presentation/view.ts';
import type { ApiServer } from '../../server.ts';
import type { OpsParts } from './parts.ts';

export function addSearchRoute(app: ApiServer, { jobs, viewer, publicBaseUrl }: OpsParts): void {
  // Without their places in the queue: a page of a hundred would look up each.
  const present = async (job: VideoJob, baseUrl: string): Promise<OperatorJob> => ({
    ...(await viewer.presentNew(job, baseUrl)),
    owner: job.owner,
    failure_group: failureGroupIdOf(job),
  });

  app.get(
    '/ops/api/jobs',
    { config: { access: 'operator_read' }, schema: { hide: true, querystring: searchJobsQuery } },
    async (request, reply) => {
      const found = await jobs.search(request.query);
      const baseUrl = baseUrlOf(request, publicBaseUrl);
      const data = await Promise.all(found.jobs.map((job) => present(job, baseUrl)));
      const body: OperatorJobList = {
        data,
        has_more: found.hasMore,
        last_id: found.next ?? data.at(-1)?.id ?? null,
        matched_by: found.matchedBy,
        searched_until: found.searchedUntilMs === null ? null : unixSeconds(found.searchedUntilMs),
        searched: found.searched,
      };
      return reply.header('cache-control', 'no-store').send(body);
    },
  );
}
