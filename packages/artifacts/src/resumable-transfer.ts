import { dirname } from 'node:path';
import { type FetchOutcome, said } from '@video-proxy/core';
import type { Dispatcher } from 'undici';
import { assertRoom } from './disk-trouble.ts';
import type { PartFile } from './part-file.ts';
import { sizeInWords } from './sizes.ts';
import { chunksOf, DeadLinkError, discard, openTransfer, TransferError } from './transfer.ts';

export interface DownloadLimits {
  readonly sizeBytesMax: number;
  /** For the whole file, all tries together. */
  readonly timeoutMs: number;
  /** Longest time without a byte. */
  readonly idleTimeoutMs: number;
}

export interface DownloadOptions {
  readonly agent: Dispatcher;
  readonly limits: DownloadLimits;
  readonly signal: AbortSignal;
}

export type DownloadOutcome =
  /** `endAnnounced`: the server said where the body ends, so a connection that broke before would have been noticed. */
  { readonly kind: 'received'; readonly endAnnounced: boolean } | Exclude<FetchOutcome, { kind: 'stored' }>;

export interface ResumableTransfer {
  /** Whether the server has ever sent (a part of) the file. */
  readonly hasBegun: boolean;
  /** Carries on until the end of the file, or throws a `TransferError`, after which it can be called again. */
  proceed(): Promise<DownloadOutcome>;
}

/** Remembers between two requests which version of the file the bytes in `part` are from. */
export function openResumableTransfer(link: string, part: PartFile, options: DownloadOptions): ResumableTransfer {
  const { agent, limits, signal } = options;
  let version: string | null = null;
  let hasBegun = false;

  async function request(): Promise<Dispatcher.ResponseData> {
    // Without a version nobody could tell whether the rest belongs to the same file.
    if (version === null && part.sizeBytes > 0) await part.restart();
    const headers = version === null ? {} : { range: `bytes=${part.sizeBytes}-`, 'if-range': version };
    return openTransfer(link, { agent, headers, idleTimeoutMs: limits.idleTimeoutMs, signal });
  }

  /** Brings `part` to the position at which the body of this answer begins. Returns the size of the whole file, if it is told. */
  async function align(response: Dispatcher.ResponseData): Promise<number | null> {
    const { statusCode } = response;
    if (statusCode === 200) {
      if (part.sizeBytes > 0) await part.restart();
      version = versionOf(response);
      return numberOrNull(headerOf(response, 'content-length'));
    }
    if (statusCode === 206) {
      const range = /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(headerOf(response, 'content-range') ?? '');
      const found = versionOf(response);
      const sameVersion = version === null || found === null || found === version;
      if (sameVersion && Number(range?.[1]) === part.sizeBytes) {
        version ??= found;
        return numberOrNull(range?.[2] ?? null);
      }
    }
    // Whatever went wrong with resuming, the next request asks for the whole file.
    if (statusCode === 206 || statusCode === 416) version = null;
    throw refusalOf(statusCode);
  }

  async function receive(response: Dispatcher.ResponseData, announcedBytes: number | null): Promise<DownloadOutcome> {
    if (announcedBytes !== null && announcedBytes > limits.sizeBytesMax) return tooLarge(limits.sizeBytesMax);
    if (announcedBytes !== null) await assertRoom(dirname(part.path), announcedBytes - part.sizeBytes);
    hasBegun = true;
    for await (const chunk of chunksOf(response, signal)) {
      if (part.sizeBytes + chunk.length > limits.sizeBytesMax) return tooLarge(limits.sizeBytesMax);
      await part.append(chunk);
    }
    if (announcedBytes !== null && part.sizeBytes < announcedBytes) {
      throw new TransferError('The file server sent less than it announced', 'download_short');
    }
    return { kind: 'received', endAnnounced: announcedBytes !== null || 'transfer-encoding' in response.headers };
  }

  return {
    get hasBegun() {
      return hasBegun;
    },
    async proceed() {
      const response = await request();
      try {
        return await receive(response, await align(response));
      } finally {
        discard(response);
      }
    },
  };
}

const retryLaterStatuses: readonly number[] = [202, 206, 408, 416, 425, 429];

function refusalOf(statusCode: number): TransferError | DeadLinkError {
  if (statusCode >= 500 || retryLaterStatuses.includes(statusCode)) {
    return new TransferError(`The file server answered with status ${statusCode}`, 'download_status', {
      status: statusCode,
    });
  }
  return new DeadLinkError(`The link does not work (any more): status ${statusCode}`, 'download_dead_link', {
    status: statusCode,
  });
}

/** Never a weak tag: `If-Range` does not take it, since it promises the same meaning and not the same bytes. */
function versionOf(response: Dispatcher.ResponseData): string | null {
  const tag = headerOf(response, 'etag');
  return tag !== null && !tag.startsWith('W/') ? tag : headerOf(response, 'last-modified');
}

function headerOf(response: Dispatcher.ResponseData, name: string): string | null {
  const value = response.headers[name];
  return typeof value === 'string' ? value : null;
}

function numberOrNull(text: string | null): number | null {
  return text !== null && /^\d+$/.test(text) ? Number(text) : null;
}

function tooLarge(sizeBytesMax: number): DownloadOutcome {
  const finding = `a file of more than ${sizeInWords(sizeBytesMax)}, the limit for a video`;
  return { kind: 'invalid', finding, said: said('file_too_large', { bytes_max: sizeBytesMax }) };
}
