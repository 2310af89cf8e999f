/**
 * `/ops/queues`: the queues beneath, shown by bull-board. Only `GET` is routed at all, so that nothing can be changed even if
 * it had a way to; what a step carries is ids.
 */
import type { QueueBoard } from '@video-proxy/queue';
import { fastify } from 'fastify';
import type { ApiServer } from '../server.ts';
import { queuesPath } from './ops/session.ts';

export interface QueueBoardParts {
  readonly queueBoard: Pick<QueueBoard, 'adapters'>;
}

/** Its own files only. Its styles cannot be named in advance, and it sets its base address itself. */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "base-uri 'self'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

export function queueBoardSurface(app: ApiServer, { queueBoard }: QueueBoardParts): void {
  const options = { config: { access: 'operator_page' }, schema: { hide: true } } as const;
  // Loaded when somebody first looks, and again when that failed.
  let board: Promise<Board> | null = null;
  const loaded = () => {
    board ??= openBoard(queueBoard).catch((error: unknown) => {
      board = null;
      throw error;
    });
    return board;
  };

  for (const path of [queuesPath, `${queuesPath}/*`]) {
    app.get(path, options, async (request, reply) => {
      const { status, type, body } = await (await loaded())(request.url);
      return reply.code(status).type(type).header('content-security-policy', policy).send(body);
    });
  }
}

type Board = (url: string) => Promise<{ readonly status: number; readonly type: string; readonly body: Buffer }>;

/** It comes as a Fastify plugin that brings routes along; it gets an instance of its own that never listens. */
async function openBoard(queueBoard: QueueBoardParts['queueBoard']): Promise<Board> {
  const [{ createBullBoard }, { FastifyAdapter }] = await Promise.all([
    import('@bull-board/api'),
    import('@bull-board/fastify'),
  ]);
  const serverAdapter = new FastifyAdapter();
  serverAdapter.setBasePath(queuesPath);
  const options = { uiConfig: { boardTitle: 'video-proxy' } };
  createBullBoard({ queues: queueBoard.adapters(), serverAdapter, options });
  const inner = fastify();
  await inner.register(serverAdapter.registerPlugin(), { prefix: queuesPath });
  return async (url) => {
    const { statusCode, headers, rawPayload } = await inner.inject({ method: 'GET', url });
    const type = String(headers['content-type'] ?? 'application/octet-stream');
    return {
      status: statusCode,
      type,
      body: type.startsWith('text/html') ? withoutOthersFonts(rawPayload) : rawPayload,
    };
  };
}

/** The policy would refuse them anyway, with an error in the browser's console. */
function withoutOthersFonts(page: Buffer): Buffer {
  return Buffer.from(page.toString('utf8').replaceAll(/<link [^>]*fonts\.googleapis\.com[^>]*>/g, ''));
}
