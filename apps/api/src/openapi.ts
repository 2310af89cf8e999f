import { STATUS_CODES } from 'node:http';
import swagger, { type SwaggerTransform } from '@fastify/swagger';
import { webhookEvent } from '@video-proxy/contracts';
import type { FastifyInstance } from 'fastify';
import { jsonSchemaTransform, jsonSchemaTransformObject } from 'fastify-type-provider-zod';
import { z } from 'zod';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Makes a video job, and so takes an idempotency key. */
    creates?: boolean;
  }
}

const description = `Asks an AI video provider for videos, follows them, and keeps the results on our own storage.

Create a job with \`POST /v1/jobs\`, then wait (\`?wait_seconds=\`), listen (\`/events\`) or poll. Send an \`Idempotency-Key\`
with every create: the same key and body lead to the same job, so that a repeated request never buys a second video.

A create or retry that could not be kept safely, or would wait behind too many others (\`queue_full\`), is answered 503 with
\`Retry-After\`: nothing was stored and nothing was billed.`;

/** Collects the descriptions of all routes that are added afterwards; the document is put together when it is asked for. */
export async function describeRoutes(app: FastifyInstance, version: string): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title: 'video-proxy', version, description, license: { name: 'MIT', identifier: 'MIT' } },
      servers: [{ url: '/' }],
      tags: [
        { name: 'jobs', description: 'Video jobs, our own wire' },
        { name: 'models', description: 'What can be asked for' },
        { name: 'videos', description: 'The OpenAI Videos wire' },
        { name: 'aimlapi', description: "The provider's own wire" },
        { name: 'watch', description: 'Pages for people' },
        { name: 'status', description: 'How the service is doing' },
      ],
      components: { securitySchemes: { clientKey: { type: 'http', scheme: 'bearer' } } },
      security: [{ clientKey: [] }],
    },
    transform: describeRoute,
    transformObject: (document) => tidied(jsonSchemaTransformObject(document)),
  });
}

/** Read in `asker.ts` and `idempotency-key.ts`; described here, because a schema for headers would drop all others. */
const userHeader = { 'X-LibreChat-User-Id': text('The end user, who sees only their own jobs.') };
const createHeaders = {
  'Idempotency-Key': text('Same key and same body: the same job. Remembered for 24 hours.'),
  'X-LibreChat-Message-Id': text('Taken for the Idempotency-Key when there is none.'),
};

const describeRoute: SwaggerTransform = (described) => {
  const { schema, url } = jsonSchemaTransform(described);
  const { access, creates } = described.route.config ?? {};
  if (access === 'public') return { schema: { ...schema, security: [] }, url };
  const headers = { type: 'object', properties: { ...userHeader, ...(creates === true ? createHeaders : {}) } };
  if (!url.endsWith('/*')) return { schema: { ...schema, headers }, url };
  // OpenAPI knows no wildcards: the rest of the path is one parameter with a name.
  const params = {
    type: 'object',
    properties: { model: text('An id or alias, slashes as they are.') },
    required: ['model'],
  };
  return { schema: { ...schema, headers, params }, url: url.replace('*', ':model') };
};

function text(what: string) {
  return { type: 'string', description: what } as const;
}

const { $schema: _dialect, ...webhookSchema } = z.toJSONSchema(webhookEvent);

const describedWebhook = {
  summary: 'A video has ended',
  description:
    'Sent to webhook_url, signed by the rules of Standard Webhooks: up to eight times within 28 hours, until it is answered with 2xx.',
  requestBody: { content: { 'application/json': { schema: webhookSchema } } },
  responses: { '200': { description: 'Any status from 200 to 299 means that it was taken.' } },
};

type Document = ReturnType<typeof jsonSchemaTransformObject>;

/** Without the schemas that nothing refers to (each comes as it is read and as it is written), and with words for every status. */
function tidied(document: Document): Document {
  if (!('components' in document)) return document;
  const { paths = {}, components = {} } = document;
  for (const operation of Object.values(paths).flatMap((path) => Object.values(path ?? {}))) {
    for (const [status, answer] of Object.entries(responsesOf(operation))) {
      if (answer.description === 'Default Response') answer.description = STATUS_CODES[status] ?? 'Answer';
    }
  }
  const schemas: Record<string, unknown> = { ...components.schemas };
  for (let unused = unusedIn(paths, schemas); unused.length > 0; unused = unusedIn(paths, schemas)) {
    for (const name of unused) delete schemas[name];
  }
  return {
    ...document,
    webhooks: { videoEnded: { post: describedWebhook } },
    components: { ...components, schemas },
  } as Document;
}

function responsesOf(operation: unknown): Record<string, { description: string }> {
  const { responses = {} } = operation as { responses?: Record<string, { description: string }> };
  return responses;
}

function unusedIn(paths: object, schemas: Readonly<Record<string, unknown>>): string[] {
  const written = JSON.stringify({ paths, schemas });
  return Object.keys(schemas).filter((name) => !written.includes(`"#/components/schemas/${name}"`));
}
