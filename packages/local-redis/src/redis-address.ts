import { createHash } from 'node:crypto';
import { chmod, lstat, mkdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const SOCKET_NAME = 'redis.sock';

/** The kernel's limit is 107 bytes on Linux and 103 on macOS. */
const SOCKET_PATH_MAX_BYTES = 100;

/** What needs no escaping in a `unix://` URL, so that every reader of the URL finds the same file. */
const PLAIN_PATH = /^[\w./-]+$/;

export type SocketPlace = {
  readonly path: string;
  /** Removes what was made for the socket alone. */
  discard(): Promise<void>;
};

/** A socket and not a port: file permissions keep other users of the machine out, and nothing can collide. */
export async function openSocketPlace(dataDir: string): Promise<SocketPlace> {
  const beside = join(dataDir, SOCKET_NAME);
  if (Buffer.byteLength(beside) <= SOCKET_PATH_MAX_BYTES && PLAIN_PATH.test(beside)) {
    return { path: beside, discard: () => rm(beside, { force: true }) };
  }
  const owner = process.getuid?.() ?? 'user';
  const digest = createHash('sha256').update(dataDir).digest('hex').slice(0, 16);
  const short = join(tmpdir(), `video-proxy-${owner}-${digest}`);
  await mkdir(short, { recursive: true, mode: 0o700 });
  await refuseForeignDirectory(short);
  return { path: join(short, SOCKET_NAME), discard: () => rm(short, { recursive: true, force: true }) };
}

/** Anybody may create a name in the temporary directory first, and would then hold the door to our Redis. */
async function refuseForeignDirectory(path: string): Promise<void> {
  const stat = await lstat(path);
  const isOurs = stat.isDirectory() && (process.getuid === undefined || stat.uid === process.getuid());
  if (!isOurs) throw new Error(`${path} belongs to somebody else; set DATA_DIR to a shorter path`);
  await chmod(path, 0o700);
}
