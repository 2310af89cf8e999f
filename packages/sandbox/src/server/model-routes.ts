import { createHash } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { SandboxContext } from './context.ts';
import { scripted } from './scripted.ts';

const videoType = 'internal/video-generations/submit';

/** A handful of the documented models; the sandbox takes any other `vendor/model` as well. */
const modelIds: readonly string[] = [
  'google/veo-3.1-t2v',
  'google/veo-3.1-t2v-fast',
  'google/veo-3.1-i2v',
  'openai/sora-2-t2v',
  'klingai/v2.5-turbo/pro/text-to-video',
  'klingai/video-v3-pro-text-to-video',
  'minimax/hailuo-02',
  'minimax/hailuo-2.3',
  'bytedance/seedance-1-0-pro-t2v',
  'bytedance/seedance-2-0-fast',
  'alibaba/wan2.5-t2v-preview',
  'pixverse/v5.5/text-to-video',
  'runway/gen4_turbo',
  'luma/ray-2',
  'ltxv/ltxv-2-fast',
  'krea/krea-wan-14b/text-to-video',
];

const models = modelIds.map((id) => ({
  id,
  aliases: [] as string[],
  type: videoType,
  info: { name: id, developer: id.split('/')[0] },
  tags: ['playground:video'],
}));

const filters = z.object({
  id: z.string().optional().catch(undefined),
  type: z.string().optional().catch(undefined),
  tags: z.string().optional().catch(undefined),
});

/** The list of models: no key needed, as at the provider, so it proves nothing about one. */
export function addModelRoutes(app: FastifyInstance, context: SandboxContext): void {
  const list = scripted(context, 'models', (request, reply) => {
    const { id, type, tags } = filters.parse(request.query);
    const data = models.filter(
      (model) =>
        (id === undefined || model.id === id) &&
        (type === undefined || model.type === type) &&
        (tags === undefined || tags.split(',').some((tag) => model.tags.includes(tag))),
    );
    const body = JSON.stringify({ object: 'list', data });
    const etag = `"${createHash('sha1').update(body).digest('base64url')}"`;
    reply.header('etag', etag);
    if (request.headers['if-none-match'] === etag) return reply.code(304).send();
    return reply.type('application/json; charset=utf-8').send(body);
  });
  for (const path of ['/v1/models', '/models', '/api/v1/models']) {
    app.get(path, { config: { sandbox: { kind: 'models', open: true } } }, list);
  }
}
