/**
 * `/ops`: the operators' page. The page itself is the same for everybody and holds nothing: whatever it shows comes from
 * `/ops/api`, which asks for the operator key.
 */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { nothingHere } from '../../http/unknown-path.ts';
import { Refusal } from '../../problem.ts';
import type { ApiServer } from '../../server.ts';
import type { SurfaceParts } from '../surface-parts.ts';
import { mediaOriginOf } from '../watch/media-origin.ts';
import { type BundledFile, readBundle } from './bundle.ts';
import { consolePolicy } from './policy.ts';

/** The views of the page; it finds out by itself which one an address means. */
const views = ['', '/failures', '/jobs', '/jobs/:id', '/credential', '/dispatch', '/audit'] as const;

const open = { config: { access: 'public' }, schema: { hide: true } } as const;

const notBuilt = `The operators' page is not built in this installation. \`npm start\` and \`npm run api\` build it when the packages for development are installed (npm ci).
Everything it shows is also at /ops/api and in a terminal: npx video-proxy ops overview
`;

export interface ConsoleParts extends Pick<SurfaceParts, 'storage' | 'redirectsToStorage'> {
  /** Where the built page is, if it is. */
  readonly consoleDirectory: string;
}

export function consoleSurface(app: ApiServer, parts: ConsoleParts): void {
  const bundle = readBundle(parts.consoleDirectory);
  const mediaOrigin = mediaOriginOf(parts);

  async function sendPage(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    if (bundle === null) return reply.code(404).type('text/plain; charset=utf-8').send(notBuilt);
    reply.headers({ 'content-security-policy': consolePolicy(await mediaOrigin()), 'cache-control': 'no-cache' });
    return send(bundle.page, request, reply);
  }

  for (const view of views) app.get(`/ops${view}`, open, sendPage);

  // A mistyped address: the page says so, and leads on. Programs get what they get everywhere.
  app.get('/ops/:unknown', open, (request, reply) => {
    if (!request.headers.accept?.includes('text/html')) throw new Refusal(nothingHere);
    return sendPage(request, reply.code(404));
  });

  for (const [path, file] of bundle?.files ?? []) {
    // Their names change with their content.
    const lifetime = path.startsWith('assets/') ? 'public, max-age=31536000, immutable' : 'public, max-age=3600';
    app.get(`/ops/${path}`, open, async (request, reply) =>
      send(file, request, reply.header('cache-control', lifetime)),
    );
  }
}

async function send(file: BundledFile, { headers }: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  reply.type(file.contentType).headers({ etag: file.etag, vary: 'accept-encoding' });
  if (headers['if-none-match'] === file.etag) return reply.code(304).send();
  if (!/\bgzip\b/.test(headers['accept-encoding'] ?? '')) return reply.send(file.plain);
  return reply.header('content-encoding', 'gzip').send(await file.compressed());
}
