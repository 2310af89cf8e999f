/** `/ops/api`: what operators ask and order. It is about everybody's jobs, and no client key opens it. */
import type { ApiServer } from '../../server.ts';
import type { SurfaceParts } from '../surface-parts.ts';
import { addInspectRoute } from './inspect.ts';
import { addOperatorOrderRoutes } from './orders.ts';
import { addSessionRoutes, type SessionParts } from './session.ts';

export function opsSurface(app: ApiServer, parts: SurfaceParts & SessionParts): void {
  addSessionRoutes(app, parts);
  addInspectRoute(app, parts);
  addOperatorOrderRoutes(app, parts);
}
