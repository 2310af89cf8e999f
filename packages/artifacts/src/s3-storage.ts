import { randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { rm, stat } from 'node:fs/promises';
import { Readable } from 'node:stream';
import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
  S3Client,
  S3ServiceException,
} from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { type ArtifactStorage, type ByteRange, StorageUnavailableError, said } from '@video-proxy/core';
import { contentTypeOf } from './content-types.ts';
import type { S3Location } from './s3-location.ts';
import { s3Trouble } from './s3-trouble.ts';
import { assertStorageKey } from './storage-key.ts';

const connectTimeoutMs = 5_000;
/** Longest silence of the server, before and within an answer. */
const silenceMs = 30_000;
const triesMax = 3;
/** The smallest part that S3 takes is 5 MiB; two at a time keep the memory for an upload below 20 MB. */
const partSizeBytes = 8 * 1024 * 1024;
const partsAtOnce = 2;

/** Keeps artifacts in a bucket of any S3-compatible service. */
export function openS3Storage({
  bucket,
  prefix,
  endpoint,
  region,
  forcePathStyle,
  credentials,
}: S3Location): ArtifactStorage {
  const client = new S3Client({
    region,
    forcePathStyle,
    ...(endpoint !== null && { endpoint }),
    // Without keys of its own the SDK looks where a machine in the cloud has its role.
    ...(credentials !== null && { credentials }),
    maxAttempts: triesMax,
    requestHandler: { connectionTimeout: connectTimeoutMs, requestTimeout: silenceMs, socketTimeout: silenceMs },
    // The trailing checksums that the SDK adds otherwise are refused by several compatible services.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
  });
  const at = (key: string) => {
    assertStorageKey(key);
    return { Bucket: bucket, Key: `${prefix}${key}` };
  };

  return {
    async put(key, localPath) {
      const target = at(key);
      const { size } = await stat(localPath);
      // Each part is signed with its SHA-256, which the service compares; the size of the whole is compared here.
      const upload = new Upload({
        client,
        params: { ...target, Body: createReadStream(localPath), ContentType: contentTypeOf(key) },
        partSize: partSizeBytes,
        queueSize: partsAtOnce,
        leavePartsOnError: false,
      });
      await upload.done().catch(s3Trouble);
      const { ContentLength } = await client.send(new HeadObjectCommand(target)).catch(s3Trouble);
      if (ContentLength !== size) {
        await client.send(new DeleteObjectCommand(target)).catch(s3Trouble);
        const finding = `the service kept ${ContentLength} bytes of ${size}`;
        throw new StorageUnavailableError(finding, said('storage_cut', { kept: ContentLength ?? 0, size }));
      }
      await rm(localPath);
    },

    async stat(key) {
      const found = await nullIfMissing(client.send(new HeadObjectCommand(at(key))));
      return found === null ? null : { sizeBytes: found.ContentLength ?? 0 };
    },

    async open(key, range) {
      const request = new GetObjectCommand({ ...at(key), ...(range && { Range: headerOf(range) }) });
      const found = await nullIfMissing(client.send(request));
      // What the SDK gives in Node is a stream of Node's.
      return found?.Body instanceof Readable ? found.Body : null;
    },

    async delete(key) {
      await client.send(new DeleteObjectCommand(at(key))).catch(s3Trouble);
    },

    async link(key, { disposition, lifetimeSeconds }) {
      const shown = { ResponseContentType: contentTypeOf(key), ResponseContentDisposition: disposition };
      return getSignedUrl(client, new GetObjectCommand({ ...at(key), ...shown }), { expiresIn: lifetimeSeconds });
    },

    async check() {
      const probe = at(`probe/${randomUUID()}`);
      try {
        const written = randomUUID();
        await client.send(new PutObjectCommand({ ...probe, Body: written }));
        const read = await client.send(new GetObjectCommand(probe));
        const content = await read.Body?.transformToString();
        await client.send(new DeleteObjectCommand(probe));
        if (content !== written) {
          throw new StorageUnavailableError('what was written is not what is read back', said('storage_differs'));
        }
      } catch (error) {
        s3Trouble(error);
      }
    },
  };
}

const headerOf = ({ start, end }: ByteRange): string => `bytes=${start}-${end}`;

async function nullIfMissing<T>(asked: Promise<T>): Promise<T | null> {
  try {
    return await asked;
  } catch (error) {
    // HEAD has no body, so S3 can only say 404 there. A missing bucket is something else.
    if (
      error instanceof S3ServiceException &&
      error.$metadata.httpStatusCode === 404 &&
      error.name !== 'NoSuchBucket'
    ) {
      return null;
    }
    return s3Trouble(error);
  }
}
