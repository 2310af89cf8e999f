import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { type Control, scriptSchema, stateChangeSchema } from '../control.ts';
import { callKinds } from '../recorder.ts';

const requestsQuery = z.object({
  kind: z.enum([...callKinds, 'other']).optional(),
  limit: z.coerce.number().int().min(1).max(5_000).default(1_000),
});

const loopback = /^(127\.|::1$|::ffff:127\.)/;

/** The control surface for tests in other processes: loopback only, without a key, no part of the provider. */
export function addControlRoutes(app: FastifyInstance, control: Control): void {
  app.register(
    async (routes) => {
      routes.addHook('onRequest', async (request, reply) => {
        // A proxy on this machine is not a local user.
        const forwarded = request.headers.forwarded ?? request.headers['x-forwarded-for'];
        const local = forwarded === undefined && loopback.test(request.socket.remoteAddress ?? '');
        if (!local) return reply.code(404).send();
      });
      routes.setErrorHandler((error: Error, _request, reply) => {
        const finding = error instanceof z.ZodError ? z.prettifyError(error) : error.message;
        return reply.code(400).send({ error: finding });
      });
      const config = { config: { sandbox: { kind: 'control' } } } as const;

      routes.get('/requests', config, async (request) => {
        const { kind, limit } = requestsQuery.parse(request.query);
        const requests = control.requests().filter((each) => kind === undefined || each.kind === kind);
        return { requests: requests.slice(-limit) };
      });
      routes.get('/creates', config, async () => control.creates());
      routes.get('/generations', config, async () => ({ generations: control.generations() }));
      routes.get('/state', config, async () => control.state());
      routes.put('/state', config, async (request) => {
        control.setState(stateChangeSchema.parse(request.body));
        return control.state();
      });
      routes.post('/script', config, async (request, reply) => {
        const { on, words, times } = scriptSchema.parse(request.body);
        control.script(on, words, times);
        return reply.code(204).send();
      });
      routes.post('/reset', config, async (_request, reply) => {
        control.reset();
        return reply.code(204).send();
      });
    },
    { prefix: '/__sandbox' },
  );
}
