/**
 * `/v1/videos`: the OpenAI Videos wire, for the clients people already have. It only translates: a video here is a job of
 * `/v1/jobs`, with the same id, owner and rules.
 */
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import type { ApiServer } from '../../server.ts';
import { addContentRoutes } from './content.ts';
import { addCreateRoutes } from './create.ts';
import { readForms } from './forms.ts';
import type { OpenaiVideosParts } from './parts.ts';
import { addReadRoutes } from './read.ts';
import { addRefusedRoutes } from './refused.ts';

export function openaiVideosSurface(app: ApiServer, parts: OpenaiVideosParts): void {
  // In a scope of its own, because no other wire reads forms in this way.
  void app.register(async (scope) => {
    const videos = scope.withTypeProvider<ZodTypeProvider>();
    readForms(videos);
    addCreateRoutes(videos, parts);
    addReadRoutes(videos, parts);
    addContentRoutes(videos, parts);
    addRefusedRoutes(videos);
  });
}
