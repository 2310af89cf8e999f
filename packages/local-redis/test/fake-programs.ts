import { chmod, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { findOnPath } from '../src/redis-server/find.mjs';
import { temporaryDirectory } from './temporary-directory.ts';

/** What the fake programs themselves are made of. */
const REAL_PROGRAMS = ['sh', 'env', 'true', 'cp', 'mkdir', 'touch', 'chmod', 'sleep'];

/** Answers `--version` as the real one does. */
export const REDIS_SERVER = 'echo "Redis server v=7.0.15 sha=00000000:0"';

export type FakeMachine = {
  /** Where the programs are; scripts find it as `$BIN`. */
  readonly bin: string;
  readonly env: NodeJS.ProcessEnv;
  readonly privateDir: string;
};

/** A PATH with these shell scripts on it and nothing else, and an empty private directory. */
export async function fakeMachine(scripts: Readonly<Record<string, string>>): Promise<FakeMachine> {
  const bin = await temporaryDirectory();
  for (const name of REAL_PROGRAMS) {
    await symlink(findOnPath(name, process.env) ?? name, join(bin, name));
  }
  for (const [name, script] of Object.entries(scripts)) {
    await writeFile(join(bin, name), `#!/bin/sh\n${script}\n`);
    await chmod(join(bin, name), 0o755);
  }
  return { bin, env: { PATH: bin, BIN: bin }, privateDir: await temporaryDirectory() };
}
