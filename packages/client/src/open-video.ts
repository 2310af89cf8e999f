import type { VideoJobWire } from '@video-proxy/contracts';
import type { Connection } from './connection.ts';
import { DownloadError } from './errors.ts';
import { within } from './time.ts';

/** A SHA-256 that is fed piece by piece, which browsers do not have; `@video-proxy/client/node` brings Node's. */
export interface RunningHash {
  update(piece: Uint8Array): unknown;
  digest(encoding: 'hex'): string;
}

export interface OpeningVideo {
  readonly signal?: AbortSignal;
  /** Without one the length alone is checked. */
  readonly sha256?: RunningHash;
}

export type JobToDownload = Pick<VideoJobWire, 'id' | 'video' | 'status'>;

/** Nothing comes any more: longer than any pause of a network that still works. */
const stalledMs = 60_000;

/** The file of a completed job, piece by piece; ends with a DownloadError when it is not the one that the job names. */
export async function* openVideo(
  connection: Connection,
  { id, video, status }: JobToDownload,
  { signal, sha256 }: OpeningVideo,
): AsyncGenerator<Uint8Array> {
  if (video === null) throw new DownloadError('no_video', `${id} has no video: it is ${status}`);
  // A reader that stops early must not leave the connection behind.
  const stop = new AbortController();
  const untilStop = signal === undefined ? stop.signal : AbortSignal.any([signal, stop.signal]);
  const path = `/v1/jobs/${encodeURIComponent(id)}/video`;
  const response = await connection.open('GET', path, { signal: untilStop });
  let bytes = 0;
  try {
    for await (const piece of piecesOf(response, signal)) {
      bytes += piece.byteLength;
      sha256?.update(piece);
      yield piece;
    }
  } catch (error) {
    if (!(error instanceof BrokenOff)) throw error;
    throw new DownloadError(
      'broke_off',
      `The download broke off after ${bytes} of ${video.bytes} bytes (${error.message})`,
    );
  } finally {
    stop.abort();
  }
  if (bytes !== video.bytes || (sha256 !== undefined && sha256.digest('hex') !== video.sha256)) {
    throw new DownloadError('differs', 'The downloaded file differs from the one the service has stored');
  }
}

class BrokenOff extends Error {}

async function* piecesOf({ body }: Response, signal: AbortSignal | undefined): AsyncGenerator<Uint8Array> {
  const reader = body?.getReader();
  while (reader !== undefined) {
    const next = reader.read();
    next.catch(() => undefined);
    const got = await within(next, stalledMs).catch((error: unknown) => {
      signal?.throwIfAborted();
      throw new BrokenOff(error instanceof Error ? error.message : String(error));
    });
    if (got === 'late') throw new BrokenOff('nothing came any more');
    if (got.done) return;
    yield got.value;
  }
}
