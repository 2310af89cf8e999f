/** `/ops/api`: what operators ask and order. It is about everybody's jobs, and no client key opens it. */

import type { AccountParts } from '../../operators/account.ts';
import { openOperatorAccount } from '../../operators/account.ts';
import type { Audit } from '../../operators/audit.ts';
import { type DispatchParts, openDispatch } from '../../operators/dispatch.ts';
import type { ApiServer } from '../../server.ts';
import type { SurfaceParts } from '../surface-parts.ts';
import { addCredentialRoutes } from './credential.ts';
import { addDispatchRoutes } from './dispatch.ts';
import { addInspectRoute } from './inspect.ts';
import { addOperatorOrderRoutes } from './orders.ts';
import { addLookingRoutes, type LookingParts } from './overview.ts';
import { addSessionRoutes, type SessionParts } from './session.ts';

type ControlParts = AccountParts & DispatchParts & Omit<LookingParts, 'dispatch'> & { readonly audit: Audit };

export function opsSurface(app: ApiServer, parts: SurfaceParts & SessionParts & ControlParts): void {
  addSessionRoutes(app, parts);
  const dispatch = openDispatch(parts);
  addLookingRoutes(app, { ...parts, dispatch });
  addCredentialRoutes(app, { ...parts, account: openOperatorAccount(parts) });
  addDispatchRoutes(app, { ...parts, dispatch });
  addInspectRoute(app, parts);
  addOperatorOrderRoutes(app, parts);
}
