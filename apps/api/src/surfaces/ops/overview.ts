import type { Dispatch } from '../../operators/dispatch.ts';
import type { Installation } from '../../operators/installation.ts';
import { type OverviewParts, openOverview } from '../../operators/overview.ts';
import { presentWorkers } from '../../operators/present.ts';
import type { ApiServer } from '../../server.ts';

const options = { config: { access: 'operator_read' }, schema: { hide: true } } as const;

export interface LookingParts extends OverviewParts {
  readonly look: () => Promise<Installation>;
  readonly dispatch: Pick<Dispatch, 'queues'>;
}

/** What operators look at before they order anything. */
export function addLookingRoutes(app: ApiServer, parts: LookingParts): void {
  const overview = openOverview(parts);
  app.get('/ops/api/overview', options, overview);
  app.get('/ops/api/queues', options, parts.dispatch.queues);
  app.get('/ops/api/workers', options, async () => presentWorkers(await parts.look()));
}
