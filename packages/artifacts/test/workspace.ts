import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A directory of one test. */
export interface Workspace extends AsyncDisposable {
  readonly directory: string;
  /** Writes a file and returns its path. */
  write(name: string, content: Uint8Array | string): Promise<string>;
  /** The names in one of its directories; none when it does not exist. */
  list(name: string): Promise<readonly string[]>;
}

export async function openWorkspace(parent: string = tmpdir()): Promise<Workspace> {
  const directory = await mkdtemp(join(parent, 'artifacts-'));
  return {
    directory,
    async write(name, content) {
      const path = join(directory, name);
      await mkdir(join(path, '..'), { recursive: true });
      await writeFile(path, content);
      return path;
    },
    list: (name) => readdir(join(directory, name)).catch(() => []),
    [Symbol.asyncDispose]: () => rm(directory, { recursive: true }),
  };
}

const fixtures = new URL('./fixtures/', import.meta.url);

/** One of the files of `fixtures/`. */
export function fixture(name: string): Promise<Buffer> {
  return readFile(new URL(name, fixtures));
}
