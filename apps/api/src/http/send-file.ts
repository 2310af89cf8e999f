import { Readable } from 'node:stream';
import type { ArtifactStorage, ByteRange } from '@video-proxy/core';
import { create as contentDisposition } from 'content-disposition';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { problem, Refusal } from '../problem.ts';
import { parseRange } from './byte-range.ts';

export interface FileToSend {
  readonly storage: Pick<ArtifactStorage, 'open' | 'stat' | 'link'>;
  readonly storageKey: string;
  readonly contentType: string;
  readonly sizeBytes: number;
  /** Changes whenever the content does. */
  readonly version: string;
  /** Nothing else will ever stand at this address, so nobody has to ask again. */
  readonly isFinal: boolean;
  readonly filename: string;
  /** To be saved and not shown. */
  readonly asDownload: boolean;
  /** Whether the caller is sent on to the storage, where that gives links. */
  readonly redirects: boolean;
}

const finalForSeconds = 31_536_000;
/** Long enough to watch and to seek in: every new visit gets a new link. */
const linkSeconds = 6 * 3_600;

/** Sends a stored file as players need it: whole or in part, resumable, and not again to who has it. */
export async function sendFile(file: FileToSend, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const disposition = contentDisposition(file.filename, { type: file.asDownload ? 'attachment' : 'inline' });
  if (file.redirects && request.method === 'GET') {
    const link = await file.storage.link(file.storageKey, { disposition, lifetimeSeconds: linkSeconds });
    if (link !== null) return reply.header('cache-control', 'no-store').redirect(link, 302);
  }
  const etag = `"${file.version}"`;
  reply.headers({
    etag,
    'accept-ranges': 'bytes',
    'cache-control': file.isFinal ? `private, max-age=${finalForSeconds}, immutable` : 'private, no-cache',
    'content-disposition': disposition,
    // Players in other pages (a chat's sandboxed frame) may embed it: who has the address or key may see it anywhere.
    'cross-origin-resource-policy': 'cross-origin',
  });
  if (matches(request.headers['if-none-match'], etag)) return reply.code(304).send();
  return sendAsked(file, askedOf(request, etag, file.sizeBytes), request, reply);
}

/** RFC 9110 defines ranges for GET only; and a range of another version of the file must not be mixed with this one. */
function askedOf({ method, headers }: FastifyRequest, etag: string, sizeBytes: number) {
  const ifRange = headers['if-range'];
  const rangeCounts = method === 'GET' && (ifRange === undefined || ifRange === etag);
  return parseRange(rangeCounts ? headers.range : undefined, sizeBytes);
}

async function sendAsked(
  file: FileToSend,
  asked: ReturnType<typeof parseRange>,
  { method }: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const { contentType, sizeBytes } = file;
  switch (asked.kind) {
    case 'unsatisfiable':
      reply.header('content-range', `bytes */${sizeBytes}`).header('cache-control', 'no-store');
      throw new Refusal(problem('range_not_satisfiable', `The file has ${sizeBytes} bytes.`, 'Range'));
    case 'whole':
      reply.type(contentType).header('content-length', sizeBytes);
      return method === 'HEAD' ? sendHead(file, reply) : sendBytes(file, undefined, reply);
    case 'part': {
      const { start, end } = asked.range;
      reply.code(206).type(contentType);
      reply.header('content-range', `bytes ${start}-${end}/${sizeBytes}`).header('content-length', end - start + 1);
      return sendBytes(file, asked.range, reply);
    }
  }
}

function matches(header: string | undefined, etag: string): boolean {
  if (header === undefined) return false;
  return header.split(',').some((entry) => entry.trim() === '*' || entry.trim().replace(/^W\//, '') === etag);
}

async function sendHead({ storage, storageKey }: FileToSend, reply: FastifyReply) {
  if ((await storage.stat(storageKey)) === null) throw gone(reply);
  return reply.send();
}

async function sendBytes(
  { storage, storageKey }: FileToSend,
  range: ByteRange | undefined,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const bytes = await storage.open(storageKey, range);
  if (bytes === null) throw gone(reply);
  return reply.send(bytes instanceof Readable ? bytes : Readable.from(bytes));
}

/** The headers of the file would otherwise go out with the error. */
function gone(reply: FastifyReply): Refusal {
  for (const name of ['content-length', 'content-range', 'etag', 'content-disposition']) reply.removeHeader(name);
  return new Refusal(problem('not_found', 'The file of this video is no longer on the storage of this service.'));
}
