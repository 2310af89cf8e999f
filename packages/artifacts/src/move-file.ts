import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { copyFile, mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { isErrorCode } from './file-errors.ts';

/**
 * Moves a finished file to `target`, replacing what is there. At any moment, also after a power cut, `target` is the old file,
 * the new one, or absent, never a part of one: the bytes are on the disk before the name is.
 * Between two file systems, where a rename is not possible, the file is copied into `stagingDirectory` first,
 * which has to be on the file system of `target`.
 */
export async function moveFile(source: string, target: string, stagingDirectory: string): Promise<void> {
  const firstCreated = await mkdir(dirname(target), { recursive: true });
  if (firstCreated !== undefined) await flush(dirname(firstCreated));
  await flush(source);
  try {
    await rename(source, target);
  } catch (error) {
    if (!isErrorCode(error, 'EXDEV')) throw error;
    await copyAcross(source, target, stagingDirectory);
  }
  await flush(dirname(target));
}

async function copyAcross(source: string, target: string, stagingDirectory: string): Promise<void> {
  await mkdir(stagingDirectory, { recursive: true });
  const staged = join(stagingDirectory, `${randomUUID()}.part`);
  try {
    await copyFile(source, staged, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE);
    await flush(staged);
    await rename(staged, target);
  } catch (error) {
    await rm(staged, { force: true });
    throw error;
  }
  await rm(source, { force: true });
}

/** fsync of a file, or of a directory: the latter makes new names in it last. */
async function flush(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
