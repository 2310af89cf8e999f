import { randomUUID } from 'node:crypto';
import { mkdir, open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { headBytes } from './media.ts';

export interface Arrival extends AsyncDisposable {
  readonly path: string;
  readonly head: Uint8Array;
  readonly sizeBytes: number;
  /** There was more than may come. */
  readonly isTooLarge: boolean;
}

/** Writes what comes into a temporary file, up to a limit. Disposing removes it, unless it has been moved away. */
export async function arrive(
  directory: string,
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  sizeBytesMax: number,
): Promise<Arrival> {
  await mkdir(directory, { recursive: true });
  const path = join(directory, `input.${randomUUID()}.part`);
  const remove = () => rm(path, { force: true });
  try {
    await using file = await open(path, 'wx');
    let sizeBytes = 0;
    const head: Uint8Array[] = [];
    for await (const chunk of chunks) {
      if (sizeBytes < headBytes) head.push(chunk.subarray(0, headBytes - sizeBytes));
      sizeBytes += chunk.length;
      if (sizeBytes > sizeBytesMax) break;
      await file.writeFile(chunk);
    }
    const isTooLarge = sizeBytes > sizeBytesMax;
    return { path, head: Buffer.concat(head), sizeBytes, isTooLarge, [Symbol.asyncDispose]: remove };
  } catch (error) {
    await remove();
    throw error;
  }
}
