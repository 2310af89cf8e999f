/** `/openapi.json`, the description of everything public, and `/docs`, its reader. */
import type { FastifyInstance } from 'fastify';
import { fastify } from 'fastify';
import type { ApiServer } from '../server.ts';

/** The reader is one page with one script, both from here: no content delivery network, nothing from elsewhere. */
const readerPolicy = [
  "default-src 'none'",
  "script-src 'self' 'unsafe-inline' 'unsafe-eval'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data: blob:",
  "font-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

export function referenceSurface(app: ApiServer): void {
  const open = { config: { access: 'public' }, schema: { hide: true } } as const;

  let description: string | null = null;
  app.get('/openapi.json', open, async (_request, reply) => {
    description ??= JSON.stringify(app.swagger());
    return reply.type('application/json').header('cache-control', 'public, max-age=300').send(description);
  });

  // The reader is five megabytes of JavaScript as one string: it is loaded when somebody first wants to read.
  let reader: Promise<FastifyInstance> | null = null;
  const loadedReader = () => {
    reader ??= openReader();
    return reader;
  };

  app.get('/docs', open, async (_request, reply) => reply.redirect('/docs/', 301));
  for (const path of ['/docs/', '/docs/js/scalar.js']) {
    app.get(path, open, async (_request, reply) => {
      const inner = await loadedReader();
      const { headers, rawPayload } = await inner.inject({ method: 'GET', url: path });
      return reply
        .type(String(headers['content-type']))
        .headers({ 'content-security-policy': readerPolicy, 'cache-control': 'public, max-age=3600' })
        .send(rawPayload);
    });
  }
  app.addHook('onClose', async () => {
    await (await reader)?.close();
  });
}

async function openReader(): Promise<FastifyInstance> {
  const { default: scalar } = await import('@scalar/fastify-api-reference');
  const inner = fastify();
  await inner.register(scalar, {
    routePrefix: '/docs',
    configuration: { url: '/openapi.json', withDefaultFonts: false, telemetry: false, hideClientButton: true },
  });
  return inner;
}
