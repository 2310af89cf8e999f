/** `/ops/api`: what operators ask and order. It is about everybody's jobs, and no client key opens it. */
import type { ApiServer } from '../../server.ts';
import { addAuditRoute } from './audit.ts';
import { addBulkRoutes } from './bulk.ts';
import { addDeliveryLogRoutes } from './deliveries.ts';
import { addFailuresRoute } from './failures.ts';
import { addInspectRoute } from './inspect.ts';
import { addOperatorOrderRoutes } from './orders.ts';
import type { OpsParts } from './parts.ts';
import { addSearchRoute } from './search.ts';
import { addSessionRoutes, type SessionParts } from './session.ts';

export function opsSurface(app: ApiServer, parts: OpsParts & SessionParts): void {
  addSessionRoutes(app, parts);
  addInspectRoute(app, parts);
  addOperatorOrderRoutes(app, parts);
  addDeliveryLogRoutes(app, parts);
  addSearchRoute(app, parts);
  addFailuresRoute(app, parts);
  addBulkRoutes(app, parts);
  addAuditRoute(app, parts);
}
