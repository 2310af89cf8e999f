/** `/v1/jobs`: our own dialect, the only one that shows everything there is to know about a video job. */
import type { ApiServer } from '../../server.ts';
import type { SurfaceParts } from '../surface-parts.ts';
import { addDeliveryRoutes } from './deliveries.ts';
import { addEventRoute } from './events.ts';
import { addFileRoutes } from './files.ts';
import { addOrderRoutes } from './orders.ts';
import { addCreateRoute, addReadRoutes } from './requests.ts';

export function jobsSurface(app: ApiServer, parts: SurfaceParts): void {
  addCreateRoute(app, parts);
  addReadRoutes(app, parts);
  addOrderRoutes(app, parts);
  addEventRoute(app, parts);
  addFileRoutes(app, parts);
  addDeliveryRoutes(app, parts);
}
