import { createHash, type Hash, randomUUID } from 'node:crypto';
import { mkdir, open, rm } from 'node:fs/promises';
import { join } from 'node:path';

/** A file that is being downloaded. Its digest is taken while it grows, so nobody has to read it again. */
export interface PartFile extends AsyncDisposable {
  readonly path: string;
  readonly sizeBytes: number;
  append(chunk: Uint8Array): Promise<void>;
  /** Empties it, for a transfer that cannot be resumed. */
  restart(): Promise<void>;
  /** Hexadecimal. Called once, when nothing more is appended. */
  sha256(): string;
}

/** Two downloads for one job get two files. Disposing removes the file, unless it has been moved away. */
export async function openPartFile(directory: string, jobId: string): Promise<PartFile> {
  await mkdir(directory, { recursive: true });
  const path = join(directory, `${jobId}.${randomUUID()}.part`);
  // Append mode, so that after a restart the next chunk is written at the new end.
  const handle = await open(path, 'ax');
  let sizeBytes = 0;
  let hash: Hash = createHash('sha256');

  return {
    path,
    get sizeBytes() {
      return sizeBytes;
    },
    async append(chunk) {
      const written = handle.writeFile(chunk);
      // While the disk is at work.
      hash.update(chunk);
      await written;
      sizeBytes += chunk.length;
    },
    async restart() {
      await handle.truncate(0);
      hash = createHash('sha256');
      sizeBytes = 0;
    },
    sha256: () => hash.digest('hex'),
    async [Symbol.asyncDispose]() {
      await handle.close();
      await rm(path, { force: true });
    },
  };
}
