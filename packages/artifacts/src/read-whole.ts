import { buffer } from 'node:stream/consumers';
import type { ArtifactStorage } from '@video-proxy/core';
import { diskTrouble } from './disk-trouble.ts';
import { s3Trouble } from './s3-trouble.ts';

/**
 * The bytes of a small file, or null when there is none. What breaks after the opening is, like what breaks before, a
 * `StorageUnavailableError`: a stream has errors of its disk or its connection.
 */
export async function readWhole(storage: Pick<ArtifactStorage, 'open'>, key: string): Promise<Buffer | null> {
  const content = await storage.open(key);
  return content === null ? null : buffer(content).catch(diskTrouble).catch(s3Trouble);
}
