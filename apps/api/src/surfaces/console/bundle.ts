import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';

const compress = promisify(gzip);

/** One file of the operators' page, as it is sent. */
export interface BundledFile {
  readonly contentType: string;
  readonly etag: string;
  readonly plain: Buffer;
  /** Compressed once, when it is first asked for. */
  compressed(): Promise<Buffer>;
}

export interface ConsoleBundle {
  readonly page: BundledFile;
  /** By the part of their path behind `/ops/`. */
  readonly files: ReadonlyMap<string, BundledFile>;
}

/** Everything else in the folder is nobody's business. */
const contentTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/**
 * Reads the built page, a few hundred kilobytes, into memory: no path that somebody sends ever reaches the file system, and a
 * page that is built anew while this process runs never mixes with the one it serves. Null when nothing is built.
 */
export function readBundle(directory: string): ConsoleBundle | null {
  const files = new Map(
    listFiles(directory).flatMap((path) => {
      const contentType = contentTypes[extname(path)];
      return contentType === undefined ? [] : [[path, bundled(join(directory, path), contentType)] as const];
    }),
  );
  const page = files.get('index.html');
  files.delete('index.html');
  return page === undefined ? null : { page, files };
}

function listFiles(directory: string): readonly string[] {
  try {
    return readdirSync(directory, { recursive: true, encoding: 'utf8' });
  } catch {
    return [];
  }
}

function bundled(path: string, contentType: string): BundledFile {
  const plain = readFileSync(path);
  const digest = createHash('sha256').update(plain).digest('hex').slice(0, 16);
  let compressed: Promise<Buffer> | null = null;
  return {
    contentType,
    etag: `W/"${digest}"`,
    plain,
    compressed: () => (compressed ??= compress(plain, { level: 9 })),
  };
}
