import type { InspectedJob } from '@video-proxy/contracts';
import { watchedUntilMsOf } from '@video-proxy/core';
import { baseUrlOf } from '../../http/base-url.ts';
import { presentHistory } from '../../presentation/history.ts';
import { unixSeconds } from '../../presentation/view.ts';
import type { ApiServer } from '../../server.ts';
import { noSuchJob } from '../jobs/not-found.ts';
import { jobParams } from '../jobs/schemas.ts';
import type { SurfaceParts } from '../surface-parts.ts';

export function addInspectRoute(app: ApiServer, { jobs, viewer, publicBaseUrl }: SurfaceParts): void {
  app.get(
    '/ops/api/jobs/:id',
    { config: { access: 'operator_read' }, schema: { hide: true, params: jobParams } },
    async (request, reply) => {
      const found = await jobs.inspect(request.params.id);
      if (found === null) throw noSuchJob();
      const watchedUntilMs = watchedUntilMsOf(found.job.lifecycle);
      const body: InspectedJob = {
        job: await viewer.present(found.job, baseUrlOf(request, publicBaseUrl)),
        owner: found.job.owner,
        watched_until: watchedUntilMs === null ? null : unixSeconds(watchedUntilMs),
        events: presentHistory(found.events),
      };
      return reply.header('cache-control', 'no-store').send(body);
    },
  );
}
