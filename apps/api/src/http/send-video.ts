import { Readable } from 'node:stream';
import type { ReadableStream as NodeReadableStream } from 'node:stream/web';
import type { ArtifactStorage, ByteRange, StoredVideo } from '@video-proxy/core';
import { create as contentDisposition } from 'content-disposition';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { problem, Refusal } from '../problem.ts';
import { parseRange } from './byte-range.ts';

export interface VideoToSend {
  readonly video: StoredVideo;
  readonly filename: string;
  readonly storage: Pick<ArtifactStorage, 'open' | 'stat'>;
}

/**
 * Sends a stored file as players need it: whole or in part, resumable, and not again to who has it. The content behind a
 * job never changes, so its SHA-256 is a strong validator.
 */
export async function sendVideo(
  { video, filename, storage }: VideoToSend,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const etag = `"${video.sha256}"`;
  reply.headers({
    etag,
    'accept-ranges': 'bytes',
    'cache-control': 'private, max-age=3600',
    'content-disposition': contentDisposition(filename, { type: 'inline' }),
    // Players in other pages (a chat's sandboxed frame) may embed it: who has the address or key may see it anywhere.
    'cross-origin-resource-policy': 'cross-origin',
  });
  if (matches(request.headers['if-none-match'], etag)) return reply.code(304).send();

  // RFC 9110 defines ranges for GET only; and a range of another version of the file must not be mixed with this one.
  const ifRange = request.headers['if-range'];
  const rangeCounts = request.method === 'GET' && (ifRange === undefined || ifRange === etag);
  const asked = parseRange(rangeCounts ? request.headers.range : undefined, video.sizeBytes);
  switch (asked.kind) {
    case 'unsatisfiable':
      reply.header('content-range', `bytes */${video.sizeBytes}`);
      throw new Refusal(problem('range_not_satisfiable', `The file has ${video.sizeBytes} bytes.`, 'Range'));
    case 'whole':
      reply.type(video.contentType).header('content-length', video.sizeBytes);
      return request.method === 'HEAD' ? sendHead(storage, video, reply) : sendBytes(storage, video, undefined, reply);
    case 'part': {
      const { start, end } = asked.range;
      reply.code(206).type(video.contentType);
      reply
        .header('content-range', `bytes ${start}-${end}/${video.sizeBytes}`)
        .header('content-length', end - start + 1);
      return sendBytes(storage, video, asked.range, reply);
    }
  }
}

function matches(header: string | undefined, etag: string): boolean {
  if (header === undefined) return false;
  return header.split(',').some((entry) => entry.trim() === '*' || entry.trim().replace(/^W\//, '') === etag);
}

async function sendHead(storage: VideoToSend['storage'], video: StoredVideo, reply: FastifyReply) {
  if ((await storage.stat(video.storageKey)) === null) throw gone(reply);
  return reply.send();
}

async function sendBytes(
  storage: VideoToSend['storage'],
  video: StoredVideo,
  range: ByteRange | undefined,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const bytes = await storage.open(video.storageKey, range);
  if (bytes === null) throw gone(reply);
  return reply.send(Readable.fromWeb(bytes as NodeReadableStream<Uint8Array>));
}

/** The headers of the file would otherwise go out with the error. */
function gone(reply: FastifyReply): Refusal {
  for (const name of ['content-length', 'content-range', 'etag', 'content-disposition']) reply.removeHeader(name);
  return new Refusal(problem('not_found', 'The file of this video is no longer on the storage of this service.'));
}
