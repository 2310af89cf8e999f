import swagger from '@fastify/swagger';
import type { FastifyInstance } from 'fastify';
import { jsonSchemaTransform, jsonSchemaTransformObject } from 'fastify-type-provider-zod';

const description = `Asks an AI video provider for videos, follows them, and keeps the results on our own storage.

Create a job with \`POST /v1/jobs\`, then wait (\`?wait_seconds=\`), listen (\`/events\`) or poll. Send an \`Idempotency-Key\`
with every create: the same key and body lead to the same job, so that a repeated request never buys a second video.`;

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
        { name: 'aimlapi', description: "The provider's own wire" },
        { name: 'watch', description: 'Pages for people' },
        { name: 'status', description: 'How the service is doing' },
      ],
      components: {
        securitySchemes: {
          clientKey: { type: 'http', scheme: 'bearer', description: 'A key of CLIENT_KEYS.' },
        },
      },
      security: [{ clientKey: [] }],
    },
    transform: jsonSchemaTransform,
    transformObject: jsonSchemaTransformObject,
  });
}
