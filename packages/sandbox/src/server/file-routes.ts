import type { FastifyInstance } from 'fastify';
import { makeClip } from '../videos/clip.ts';
import type { SandboxContext } from './context.ts';

/** The result files: no key needed, as at the provider. */
export function addFileRoutes(app: FastifyInstance, context: SandboxContext): void {
  app.get<{ Params: { name: string } }>(
    '/files/generations/:name',
    { config: { kind: 'download', open: true } },
    async (request, reply) => {
      const tracked = context.store.byFileName(request.params.name);
      if (!tracked) return reply.code(404).type('text/plain').send('Not Found');
      const { shape, durationSeconds, sound } = tracked.generation;
      const clip = await makeClip({ shape, durationSeconds, sound, picture: true, indexFirst: true });
      return reply.type('video/mp4').send(Buffer.from(clip));
    },
  );
}
