import type { RequestTrace, TraceRequest } from '@video-proxy/telemetry';
import type { FastifyInstance, FastifyRequest } from 'fastify';

/** Requests that may create or change jobs; reading leaves no trace. */
export function traceRequests(app: FastifyInstance, traceRequest: TraceRequest): void {
  const traces = new WeakMap<FastifyRequest, RequestTrace>();
  // When the body is there: what comes with it from the socket knows nothing of a request.
  app.addHook('preValidation', (request, _reply, done) => {
    if (request.method === 'GET' || request.method === 'HEAD') {
      done();
      return;
    }
    const { traceparent } = request.headers;
    const trace = traceRequest(typeof traceparent === 'string' ? traceparent : undefined);
    traces.set(request, trace);
    trace.run(done);
  });
  app.addHook('onResponse', (request, reply, done) => {
    const endedAtMs = Date.now();
    traces.get(request)?.end({
      requestId: request.id,
      method: request.method,
      route: request.routeOptions.url ?? '',
      statusCode: reply.statusCode,
      beganAtMs: endedAtMs - reply.elapsedTime,
      endedAtMs,
    });
    done();
  });
}
