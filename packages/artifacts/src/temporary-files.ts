import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { nullIfMissing } from './file-errors.ts';

/**
 * Deletes what a crash left behind: the files of `directory` that nobody has written to for `olderThanMs`, which therefore has to
 * be longer than a download may last. Returns how many. A directory that does not exist has no leftovers.
 */
export async function sweepTemporaryFiles(directory: string, olderThanMs: number): Promise<number> {
  const untouchedSinceMs = Date.now() - olderThanMs;
  let sweptCount = 0;
  for (const { path, modifiedAtMs } of await filesIn(directory)) {
    if (modifiedAtMs > untouchedSinceMs) continue;
    await rm(path, { force: true });
    sweptCount += 1;
  }
  return sweptCount;
}

export interface FoundFile {
  readonly path: string;
  readonly sizeBytes: number;
  readonly modifiedAtMs: number;
}

/** The plain files of a directory. One that another process removes meanwhile is left out. */
export async function filesIn(directory: string): Promise<readonly FoundFile[]> {
  const found: FoundFile[] = [];
  for (const name of await namesIn(directory)) {
    const path = join(directory, name);
    const status = await stat(path).catch(nullIfMissing);
    if (status?.isFile()) found.push({ path, sizeBytes: status.size, modifiedAtMs: status.mtimeMs });
  }
  return found;
}

async function namesIn(directory: string): Promise<readonly string[]> {
  return (await readdir(directory).catch(nullIfMissing)) ?? [];
}
