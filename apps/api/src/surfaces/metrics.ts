import type { Metrics } from '@video-proxy/telemetry';
import type { ApiServer } from '../server.ts';

/** Prometheus sends a key of the operators as a bearer token, best the one that only looks: what is told here is about everybody's jobs. */
export function metricsSurface(app: ApiServer, metrics: Pick<Metrics, 'expose'>): void {
  app.get(
    '/metrics',
    { config: { access: 'operator_read', quiet: true }, exposeHeadRoute: false, schema: { hide: true } },
    async (_request, reply) => {
      const { contentType, text } = await metrics.expose();
      // The serializer of all routes is for JSON.
      return reply.type(contentType).serializer(String).send(text);
    },
  );
}
