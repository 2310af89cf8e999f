/** `/librechat/*`: what LibreChat's Actions need, where an administrator cannot edit its yaml. The tools are those of `/mcp`. */
import { z } from 'zod';
import packageJson from '../../../package.json' with { type: 'json' };
import { baseUrlOf } from '../../http/base-url.ts';
import type { ApiServer } from '../../server.ts';
import { addActionRoutes, type LibrechatParts } from './actions.ts';
import { actionsDocument } from './document.ts';
import { librechatYaml } from './yaml.ts';

const document = { description: 'An OpenAPI document', content: { 'application/json': { schema: z.unknown() } } };

const yaml = { description: 'A part of librechat.yaml', content: { 'text/yaml': { schema: z.string() } } };

export function librechatSurface(app: ApiServer, parts: LibrechatParts): void {
  app.get(
    '/librechat/openapi.json',
    {
      // It says nothing that the OpenAPI document of everything does not say.
      config: { access: 'public' },
      schema: {
        operationId: 'librechatActions',
        summary: "The document that LibreChat's Actions import",
        tags: ['chat'],
        response: { 200: document },
      },
    },
    async (request, reply) => {
      const models = parts.catalog.list().map(({ id }) => id);
      return reply.send(actionsDocument(baseUrlOf(request, parts.publicBaseUrl), models, packageJson.version));
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
        response: { 200: yaml },
      },
    },
    async (request, reply) => {
      return reply.type('text/yaml; charset=utf-8').send(librechatYaml(baseUrlOf(request, parts.publicBaseUrl)));
    },
  );
  addActionRoutes(app, parts);
}
