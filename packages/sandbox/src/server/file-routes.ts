import { Readable } from 'node:stream';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Tracked } from '../generations/store.ts';
import { type Behaviour, type FileTrouble, troubleAt } from '../scenarios/behaviour.ts';
import { createResultFiles } from '../videos/result-file.ts';
import { misbehave, refuse } from './answers.ts';
import { behaviourOfCall, wordsOf, wordsOfCall } from './call-scenarios.ts';
import type { SandboxContext } from './context.ts';
import { fileStream } from './file-stream.ts';
import { readRange, type Span } from './ranges.ts';

const filePath = '/files/generations/:name';

/** The result files. No key is needed, as at the provider; whether one was sent all the same is recorded. */
export function addFileRoutes(app: FastifyInstance, context: SandboxContext): void {
  const files = createResultFiles();
  const config = { config: { sandbox: { kind: 'download', open: true } } } as const;

  // Recorded of signed links: they are signed for GET only.
  app.head(filePath, config, async (_request, reply) => reply.code(403).send());

  app.get<{ Params: { name: string } }>(filePath, config, async (request, reply) => {
    const tracked = context.store.byFileName(request.params.name);
    if (!tracked) return storageError(reply, 404, 'NoSuchKey', 'The specified key does not exist.');
    const called = behaviourOfCall(wordsOfCall(context, request, 'download'), wordsOf(tracked));
    if ('refusal' in called) return refuse(request, reply, called.refusal);
    const { behaviour, ofCall } = called;
    if (ofCall.trouble) return misbehave(request, reply, ofCall.trouble, behaviour);

    const refused = refuseLink(request, reply, tracked, behaviour);
    if (refused) return refused;
    tracked.downloads += 1;
    const trouble = ofCall.fileTrouble ?? troubleAt(behaviour.fileTroubles, tracked.downloads - 1);
    if (trouble && trouble !== 'cut' && trouble !== 'stall') return misbehaveAtOnce(request, reply, trouble);
    const content = await files.contentOf(tracked.generation, behaviour);
    return deliver(context, request, reply, { content, behaviour, trouble, etag: `"${tracked.generation.fileName}"` });
  });
}

/** Numbers that cannot be read count as absent. */
const linkQuery = z.object({
  Expires: z.coerce.number().optional().catch(undefined),
  Signature: z.coerce.number().default(1).catch(1),
  redirected: z.string().optional().catch(undefined),
});

/** Links that lead to no file: expired, gone, or elsewhere. Null when the file may be sent. */
function refuseLink(
  request: FastifyRequest,
  reply: FastifyReply,
  tracked: Tracked,
  behaviour: Behaviour,
): FastifyReply | null {
  const { Expires, Signature, redirected } = linkQuery.parse(request.query);
  const dead = behaviour.deadLinks > 0 && Signature <= behaviour.deadLinks;
  if (dead) tracked.linkVersion = Math.max(tracked.linkVersion, Signature + 1);
  if (dead || (Expires !== undefined && Date.now() / 1000 > Expires)) {
    return storageError(reply, 403, 'AccessDenied', 'Request has expired');
  }
  if (behaviour.fileStatus !== 200) {
    return storageError(reply, behaviour.fileStatus, 'NoSuchKey', 'The specified key does not exist.');
  }
  switch (behaviour.fileRedirect) {
    case 'none':
      return null;
    case 'once':
      return redirected === undefined
        ? reply.redirect(`${request.url}${request.url.includes('?') ? '&' : '?'}redirected=1`)
        : null;
    case 'loop':
      return reply.redirect(request.url);
    case 'internal':
      return reply.redirect('http://169.254.169.254/latest/meta-data/');
  }
}

function misbehaveAtOnce(
  request: FastifyRequest,
  reply: FastifyReply,
  trouble: Exclude<FileTrouble, 'cut' | 'stall'>,
): FastifyReply {
  switch (trouble) {
    case 'unavailable':
      return storageError(reply, 503, 'SlowDown', 'Please reduce your request rate.');
    case 'forbidden':
      return storageError(reply, 403, 'AccessDenied', 'Access Denied');
    case 'reset':
      request.raw.socket.resetAndDestroy();
      return reply.hijack();
    case 'hang':
      return reply.hijack();
  }
}

function deliver(
  context: SandboxContext,
  request: FastifyRequest,
  reply: FastifyReply,
  file: {
    readonly content: Parameters<typeof fileStream>[0];
    readonly behaviour: Behaviour;
    readonly trouble: FileTrouble | null;
    readonly etag: string;
  },
): FastifyReply {
  const { content, behaviour, trouble, etag } = file;
  const { sizeBytes } = content;
  reply.type(behaviour.fileType).header('etag', etag);
  const ifRange = request.headers['if-range'];
  const mayRange = behaviour.fileRanges && !behaviour.fileEndless && (ifRange === undefined || ifRange === etag);
  if (behaviour.fileRanges) reply.header('accept-ranges', 'bytes');
  const range = mayRange ? readRange(request.headers.range, sizeBytes) : null;
  if (range === 'unsatisfiable') return reply.code(416).header('content-range', `bytes */${sizeBytes}`).send();
  if (range) reply.code(206).header('content-range', `bytes ${range.start}-${range.end - 1}/${sizeBytes}`);

  const span: Span = range ?? { start: 0, end: sizeBytes };
  if (behaviour.fileLength) reply.header('content-length', span.end - span.start);
  const gone = new AbortController();
  reply.raw.once('close', () => gone.abort());
  const signal = AbortSignal.any([context.closing, gone.signal]);
  return reply.send(Readable.from(fileStream(content, span, { behaviour, trouble, signal })));
}

/** An error as object storages give it. */
function storageError(reply: FastifyReply, status: number, code: string, message: string): FastifyReply {
  const body = `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>${message}</Message></Error>`;
  return reply.code(status).type('application/xml').send(body);
}
