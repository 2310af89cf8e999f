import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { moveFile } from './move-file.ts';
import { filesIn } from './temporary-files.ts';

const keptCountMax = 50;
const keptBytesMax = 1e9;

/**
 * Moves a file that is no video aside, where operators can look at it. The oldest make room: at most 50 files and 1 GB are kept.
 *
 * @returns its name in the directory
 */
export async function keepRejected(directory: string, jobId: string, path: string): Promise<string> {
  const name = `${jobId}.${randomUUID()}.rejected`;
  await moveFile(path, join(directory, name), directory);
  await makeRoom(directory);
  return name;
}

async function makeRoom(directory: string): Promise<void> {
  const newestFirst = (await filesIn(directory)).toSorted((a, b) => b.modifiedAtMs - a.modifiedAtMs);
  let keptBytes = 0;
  for (const [index, file] of newestFirst.entries()) {
    keptBytes += file.sizeBytes;
    if (index >= keptCountMax || keptBytes > keptBytesMax) await rm(file.path, { force: true });
  }
}
