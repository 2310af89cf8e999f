import { readFileSync, statSync } from 'node:fs';
import { isAbsolute, join, relative } from 'node:path';
import { parseEnv } from 'node:util';
import type { Environment } from '@video-proxy/contracts';
import { Problem } from './problem.ts';

export interface EnvFile {
  readonly path: string;
  readonly values: Environment;
  /** Names whose value is quoted in the file: this loader removes the quotes, `docker run --env-file` keeps them. */
  readonly quotedNames: readonly string[];
}

/**
 * Where settings files of this project may be: the current folder, and the project's own when the current one is inside it.
 * A folder elsewhere (a test, another project) never picks up this checkout's secrets.
 */
export function projectFolders(cwd: string, projectFolder: string): readonly string[] {
  const inside = relative(projectFolder, cwd);
  if (inside === '') return [cwd];
  return inside.startsWith('..') || isAbsolute(inside) ? [cwd] : [cwd, projectFolder];
}

/** The first `.env` of the folders, or null when there is none. */
export function readEnvFile(folders: readonly string[]): EnvFile | null {
  const path = folders
    .map((folder) => join(folder, '.env'))
    .find((candidate) => statSync(candidate, { throwIfNoEntry: false })?.isFile());
  if (path === undefined) return null;
  const text = readText(path).replace(/^\uFEFF/, '');
  return {
    path,
    values: parseEnv(text),
    quotedNames: [...text.matchAll(/^\s*(?:export\s+)?([A-Za-z_]\w*)\s*=\s*["'`]/gm)].map(([, name]) => name ?? ''),
  };
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const reason = error instanceof Error && 'code' in error ? error.code : error;
    throw new Problem(`${path} cannot be read (${reason})`, ['Correct its permissions, or remove it.']);
  }
}

/** The real environment wins, as with `docker run`, systemd and Node's own `--env-file`. */
export function withEnvFile(environment: Environment, file: EnvFile | null): Environment {
  return file === null ? environment : { ...file.values, ...environment };
}

/** Names that the file really contributes, for one honest line at start. */
export function namesFromEnvFile(environment: Environment, file: EnvFile | null): readonly string[] {
  return file === null
    ? []
    : Object.keys(file.values)
        .filter((name) => environment[name] === undefined)
        .toSorted();
}
