import { statfs } from 'node:fs/promises';
import { type DiskTrouble, StorageUnavailableError, said } from '@video-proxy/core';

/** Below this nothing is begun: a disk that is full to the last byte may also be that of Redis. */
const freeBytesMin = 100 * 1024 * 1024;

const meanings: Readonly<Record<DiskTrouble, string>> = {
  ENOSPC: 'the disk is full',
  EDQUOT: 'the quota of the disk is used up',
  EROFS: 'the disk is read-only',
  EACCES: 'this user may not read or write there',
  EPERM: 'this user may not read or write there',
  ENOTDIR: 'there is a file where a folder should be',
  EIO: 'the disk reports errors',
  EMFILE: 'too many files are open',
  ENFILE: 'too many files are open',
};

/** What a disk may do to anybody, as that; every other error stays what it is. For `.catch()`. */
export function diskTrouble(error: unknown): never {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (!isKnown(code)) throw error;
  throw new StorageUnavailableError(`${meanings[code]} (${code})`, said(`storage_${code}`, { error: code }), {
    cause: error,
  });
}

const isKnown = (code: string): code is DiskTrouble => Object.hasOwn(meanings, code);

/** Rejects while the disk of a directory, which has to exist, has hardly any room left beside what is to come. */
export async function assertRoom(directory: string, comingBytes = 0): Promise<void> {
  const { bavail, bsize } = await statfs(directory).catch(diskTrouble);
  if (bavail * bsize < freeBytesMin + comingBytes) {
    const megabytes = Math.ceil((freeBytesMin + comingBytes) / 1024 / 1024);
    const finding = `the disk has less than ${megabytes} MB left`;
    throw new StorageUnavailableError(finding, said('storage_no_room', { megabytes }));
  }
}
