/** `/ops/api`: what operators ask and order. It is about everybody's jobs, and no client key opens it. */
import { type AccountParts, openOperatorAccount } from '../../operators/account.ts';
import { type DispatchParts, openDispatch } from '../../operators/dispatch.ts';
import type { ApiServer } from '../../server.ts';
import { addAuditRoute } from './audit.ts';
import { addBulkRoutes } from './bulk.ts';
import { addCredentialRoutes } from './credential.ts';
import { addDeliveryLogRoutes } from './deliveries.ts';
import { addDispatchRoutes } from './dispatch.ts';
import { addFailuresRoute } from './failures.ts';
import { addInspectRoute } from './inspect.ts';
import { addOperatorOrderRoutes } from './orders.ts';
import { addLookingRoutes, type LookingParts } from './overview.ts';
import type { OpsParts } from './parts.ts';
import { addSearchRoute } from './search.ts';
import { addSessionRoutes, type SessionParts } from './session.ts';

type ControlParts = AccountParts & DispatchParts & Omit<LookingParts, 'dispatch'>;

export function opsSurface(app: ApiServer, parts: OpsParts & SessionParts & ControlParts): void {
  addSessionRoutes(app, parts);
  const dispatch = openDispatch(parts);
  addLookingRoutes(app, { ...parts, dispatch });
  addCredentialRoutes(app, { ...parts, account: openOperatorAccount(parts) });
  addDispatchRoutes(app, { ...parts, dispatch });
  addInspectRoute(app, parts);
  addOperatorOrderRoutes(app, parts);
  addDeliveryLogRoutes(app, parts);
  addSearchRoute(app, parts);
  addFailuresRoute(app, parts);
  addBulkRoutes(app, parts);
  addAuditRoute(app, parts);
}
