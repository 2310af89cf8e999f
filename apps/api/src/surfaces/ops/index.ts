/** `/ops/api`: what operators ask and order. It is about everybody's jobs, and no client key opens it. */
import type { ApiServer } from '../../server.ts';
import type { SurfaceParts } from '../surface-parts.ts';
import { addDeliveryLogRoutes } from './deliveries.ts';
import { addInspectRoute } from './inspect.ts';
import { addOperatorOrderRoutes } from './orders.ts';

export function opsSurface(app: ApiServer, parts: SurfaceParts): void {
  addInspectRoute(app, parts);
  addOperatorOrderRoutes(app, parts);
  addDeliveryLogRoutes(app, parts);
}
