import { problem, Refusal } from '../../problem.ts';
import type { ApiServer } from '../../server.ts';

/** Later additions of OpenAI's, for which the provider has models with inputs of their own instead. */
const refusedRoutes = [
  { method: 'POST', url: '/v1/videos/edits', what: 'Edits of videos' },
  { method: 'POST', url: '/v1/videos/extensions', what: 'Extensions of videos' },
  { method: 'POST', url: '/v1/videos/characters', what: 'Characters' },
  { method: 'GET', url: '/v1/videos/characters/:id', what: 'Characters' },
] as const;

export function addRefusedRoutes(app: ApiServer): void {
  for (const { method, url, what } of refusedRoutes) {
    const text = `${what} are not offered on this wire. GET /v1/models lists models that take videos; POST /v1/jobs asks them.`;
    app.route({
      method,
      url,
      config: { access: 'client' },
      exposeHeadRoute: false,
      schema: { hide: true },
      // Before the body is read: it may be a whole video.
      onRequest: async () => {
        throw new Refusal(problem('not_supported', text));
      },
      handler: async () => {},
    });
  }
}
