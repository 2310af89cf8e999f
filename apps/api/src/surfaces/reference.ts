/** `/openapi.json`, the description of everything public, and `/docs`, its reader. */
import { randomBytes } from 'node:crypto';
import { fastify } from 'fastify';
import type { ApiServer } from '../server.ts';

export function referenceSurface(app: ApiServer): void {
  const open = { config: { access: 'public' }, schema: { hide: true } } as const;

  let description: string | null = null;
  app.get('/openapi.json', open, async (_request, reply) => {
    description ??= JSON.stringify(app.swagger());
    return reply.type('application/json').header('cache-control', 'public, max-age=300').send(description);
  });

  // The reader is five megabytes of JavaScript as one string: it is loaded when somebody first wants to read.
  let reader: Promise<Reader> | null = null;
  const loadedReader = () => {
    reader ??= openReader();
    return reader;
  };

  app.get('/docs', open, async (_request, reply) => reply.redirect('/docs/', 301));
  for (const path of ['/docs/', '/docs/js/scalar.js'] as const) {
    app.get(path, open, async (_request, reply) => {
      const { type, body, policy } = await (await loadedReader())(path);
      return reply
        .type(type)
        .headers({ 'content-security-policy': policy, 'cache-control': 'public, max-age=3600' })
        .send(body);
    });
  }
}

type Reader = (path: string) => Promise<{ readonly type: string; readonly body: Buffer; readonly policy: string }>;

/** The reader comes as a Fastify plugin that brings routes along; it gets an instance of its own that never listens. */
async function openReader(): Promise<Reader> {
  const { default: scalar } = await import('@scalar/fastify-api-reference');
  const nonce = randomBytes(16).toString('base64');
  const inner = fastify();
  await inner.register(scalar, {
    routePrefix: '/docs',
    configuration: { nonce, url: '/openapi.json', withDefaultFonts: false, telemetry: false, hideClientButton: true },
  });
  const policy = readerPolicy(nonce);
  return async (path) => {
    const { headers, rawPayload } = await inner.inject({ method: 'GET', url: path });
    return { type: String(headers['content-type']), body: rawPayload, policy };
  };
}

/** One page, one script, both from here: no content delivery network. Its styles cannot be named in advance. */
function readerPolicy(nonce: string): string {
  return [
    "default-src 'none'",
    `script-src 'self' 'nonce-${nonce}'`,
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self' data:",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}
