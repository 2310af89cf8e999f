import { randomUUID } from 'node:crypto';
import { type FileHandle, mkdir, open, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import type { ArtifactStorage, ByteRange } from '@video-proxy/core';
import { assertRoom, diskTrouble } from './disk-trouble.ts';
import { nullIfMissing } from './file-errors.ts';
import { moveFile } from './move-file.ts';
import { assertStorageKey } from './storage-key.ts';
import { sweepTemporaryFiles } from './temporary-files.ts';

/** Fewer, larger reads than the default of 64 KiB: a video is read from its start to its end. */
const readSizeBytes = 256 * 1024;

const stagedForMsMax = 24 * 60 * 60 * 1000;

export interface FileStorageOptions {
  /** Created when it is missing. Its `.incoming` directory holds files that are not yet there; no key reaches it. */
  readonly directory: string;
}

/** Keeps artifacts as plain files below one directory. Any number of processes may use the same directory. */
export function openFileStorage({ directory }: FileStorageOptions): ArtifactStorage {
  const stagingDirectory = join(directory, '.incoming');

  function pathOf(key: string): string {
    assertStorageKey(key);
    return join(directory, key);
  }

  return {
    async put(key, localPath) {
      const target = pathOf(key);
      await sweepTemporaryFiles(stagingDirectory, stagedForMsMax);
      await moveFile(localPath, target, stagingDirectory).catch(diskTrouble);
    },

    async stat(key) {
      const found = await stat(pathOf(key)).catch(nullIfMissing).catch(diskTrouble);
      return found?.isFile() ? { sizeBytes: found.size } : null;
    },

    async open(key, range) {
      const handle = await open(pathOf(key), 'r').catch(nullIfMissing).catch(diskTrouble);
      if (handle === null) return null;
      if ((await handle.stat()).isFile()) return streamOf(handle, range);
      await handle.close();
      return null;
    },

    async delete(key) {
      await rm(pathOf(key), { force: true }).catch(diskTrouble);
    },

    async link(key) {
      assertStorageKey(key);
      return null;
    },

    async check() {
      await mkdir(stagingDirectory, { recursive: true }).catch(diskTrouble);
      await assertRoom(stagingDirectory);
      await probe(stagingDirectory).catch(diskTrouble);
    },
  };
}

/** The open file keeps its content even when the key is overwritten or deleted while it is being read. */
function streamOf(handle: FileHandle, range: ByteRange | undefined): Readable {
  return handle.createReadStream({ highWaterMark: readSizeBytes, ...range });
}

async function probe(directory: string): Promise<void> {
  const path = join(directory, `${randomUUID()}.probe`);
  const written = randomUUID();
  try {
    await writeFile(path, written, { flag: 'wx', flush: true });
    if ((await readFile(path, 'utf8')) !== written) throw new Error('what was written is not what is read back');
  } finally {
    await rm(path, { force: true });
  }
}
