import type { OperatorJobWhole } from '@video-proxy/contracts';
import { baseUrlOf } from '../../http/base-url.ts';
import { presentWholeJob } from '../../presentation/whole-job.ts';
import type { ApiServer } from '../../server.ts';
import { noSuchJob } from '../jobs/not-found.ts';
import { jobParams } from '../jobs/schemas.ts';
import type { SurfaceParts } from '../surface-parts.ts';

export function addInspectRoute(app: ApiServer, { jobs, viewer, publicBaseUrl, now }: SurfaceParts): void {
  app.get(
    '/ops/api/jobs/:id',
    { config: { access: 'operator_read' }, schema: { hide: true, params: jobParams } },
    async (request, reply) => {
      const found = await jobs.inspect(request.params.id);
      if (found === null) throw noSuchJob();
      const wire = await viewer.present(found.job, baseUrlOf(request, publicBaseUrl));
      const body: OperatorJobWhole = presentWholeJob(found, wire, now());
      return reply.header('cache-control', 'no-store').send(body);
    },
  );
}
