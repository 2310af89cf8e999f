/** `/librechat/*`: what LibreChat's Actions need, where an administrator cannot edit its yaml; and the yaml where they can. */
import { providerModelName } from '@video-proxy/aimlapi/catalog';
import { z } from 'zod';
import packageJson from '../../../package.json' with { type: 'json' };
import type { ApiServer } from '../../server.ts';
import { openaiErrors } from '../documented-errors.ts';
import { addActionRoutes, type LibrechatParts } from './actions.ts';
import { addressFor, addressQuery } from './address.ts';
import { actionsDocument } from './document.ts';
import { librechatYaml } from './yaml.ts';

const document = { description: 'An OpenAPI document', content: { 'application/json': { schema: z.unknown() } } };

const yaml = { description: 'A part of librechat.yaml', content: { 'text/yaml': { schema: z.string() } } };

export function librechatSurface(app: ApiServer, parts: LibrechatParts & { readonly defaultModel: string }): void {
  app.get(
    '/librechat/openapi.json',
    {
      // It says nothing that the OpenAPI document of everything does not say.
      config: { access: 'public' },
      schema: {
        operationId: 'librechatActions',
        summary: "The document that LibreChat's Actions import",
        tags: ['chat'],
        querystring: addressQuery,
        response: { 200: document, ...openaiErrors(400) },
      },
    },
    async (request, reply) => {
      const models = parts.catalog.list().map(({ id }) => id);
      return reply.send(actionsDocument(addressFor(request, parts.publicBaseUrl), models, packageJson.version));
    },
  );
  app.get(
    '/librechat/librechat.yaml',
    {
      config: { access: 'public' },
      schema: {
        operationId: 'librechatYaml',
        summary: 'What goes into librechat.yaml to use this installation',
        tags: ['chat'],
        querystring: addressQuery,
        response: { 200: yaml, ...openaiErrors(400) },
      },
    },
    async (request, reply) => {
      const name = providerModelName(parts.defaultModel, false);
      const model = parts.catalog.find(name)?.id ?? name;
      const text = librechatYaml(addressFor(request, parts.publicBaseUrl), model);
      return reply.type('text/yaml; charset=utf-8').send(text);
    },
  );
  addActionRoutes(app, parts);
}
