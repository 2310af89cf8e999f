import { describe, type VideoModel } from '@video-proxy/aimlapi/catalog';
import { type ModelList, type ModelWire, modelList, modelWire } from '@video-proxy/contracts';
import { z } from 'zod';
import { Refusal } from '../problem.ts';
import type { ApiServer } from '../server.ts';
import { unknownModel } from '../video-jobs/index.ts';
import { openaiErrors } from './documented-errors.ts';
import type { SurfaceParts } from './surface-parts.ts';

/** `/v1/models`: the catalog in the OpenAI list shape, which chat front ends read, with what our own clients need besides. */
export function modelsSurface(app: ApiServer, { catalog }: Pick<SurfaceParts, 'catalog'>): void {
  app.get(
    '/v1/models',
    {
      config: { access: 'client' },
      schema: {
        operationId: 'listModels',
        summary: 'All video models with their parameters',
        tags: ['models'],
        response: { 200: modelList, ...openaiErrors(401) },
      },
    },
    async (_request, reply) => {
      const list: ModelList = { object: 'list', data: catalog.list().map(presentModel) };
      return reply.send(list);
    },
  );

  app.get(
    // Ids contain slashes, sent as they are or encoded: both arrive decoded here.
    '/v1/models/*',
    {
      config: { access: 'client' },
      schema: {
        operationId: 'getModel',
        summary: 'One video model, by id or alias',
        tags: ['models'],
        params: z.object({
          '*': z.string().meta({ description: 'The id or an alias; slashes may be sent as they are.' }),
        }),
        response: { 200: modelWire, ...openaiErrors(401, 404) },
      },
    },
    async (request, reply) => {
      const name = request.params['*'];
      const model = catalog.find(name);
      if (model === null) throw new Refusal(unknownModel(catalog, name));
      return reply.send(presentModel(model));
    },
  );
}

function presentModel(model: VideoModel): ModelWire {
  const { id, vendor, ...rest } = describe(model);
  return { id, object: 'model', created: 0, owned_by: vendor ?? 'aimlapi', ...rest };
}
