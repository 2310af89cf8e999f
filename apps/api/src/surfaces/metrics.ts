import type { Metrics } from '@video-proxy/telemetry';
import type { ApiServer } from '../server.ts';

/** Prometheus sends the operators' key as a bearer token: what is told here is about everybody's jobs. */
export function metricsSurface(app: ApiServer, metrics: Pick<Metrics, 'expose'>): void {
  app.get(
    '/metrics',
    { config: { access: 'operator', quiet: true }, exposeHeadRoute: false, schema: { hide: true } },
    async (_request, reply) => {
      const { contentType, text } = await metrics.expose();
      // The serializer of all routes is for JSON.
      return reply.type(contentType).serializer(String).send(text);
    },
  );
}
