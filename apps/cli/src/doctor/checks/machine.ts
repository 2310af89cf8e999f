import { constants } from 'node:fs';
import { access, statfs } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { type Finding, fail, ok, warn } from '../finding.ts';

const nodeMajorMin = 24;
const nodeMinorMin = 12;

export function examineNode(version: string): readonly Finding[] {
  const [major = 0, minor = 0] = version.replace(/^v/, '').split('.').map(Number);
  const enough = major > nodeMajorMin || (major === nodeMajorMin && minor >= nodeMinorMin);
  if (enough) return [ok('node', `Node ${version}`)];
  return [
    fail(
      'node',
      'node_old',
      `Node ${version} is too old, this service needs ${nodeMajorMin}.${nodeMinorMin}`,
      'use npm start or npx video-proxy, which bring their own Node',
    ),
  ];
}

/** A few finished videos: below this the next one may not fit. */
const freeBytesMin = 500_000_000;

export async function examineDataDir(dataDir: string, cwd: string): Promise<readonly Finding[]> {
  const folder = resolve(cwd, dataDir);
  const existing = await nearestExisting(folder);
  try {
    await access(existing, constants.W_OK | constants.X_OK);
  } catch {
    return [
      fail(
        'data_dir',
        'data_dir_not_writable',
        `DATA_DIR ${folder} is not writable for this user`,
        `chown or chmod ${existing}, or set DATA_DIR to another folder`,
      ),
    ];
  }
  const { bavail, bsize } = await statfs(existing);
  const freeBytes = bavail * bsize;
  if (freeBytes < freeBytesMin) {
    return [
      warn(
        'data_dir',
        'data_dir_full',
        `DATA_DIR ${folder} has only ${Math.floor(freeBytes / 1e6)} MB left`,
        'make room, or lower RETENTION_DAYS',
      ),
    ];
  }
  return [ok('data_dir', `DATA_DIR ${folder} is writable, ${(freeBytes / 1e9).toFixed(1)} GB free`)];
}

/** DATA_DIR is made at the first start; until then its nearest existing parent decides. A diagnosis changes nothing. */
async function nearestExisting(folder: string): Promise<string> {
  try {
    await access(folder);
    return folder;
  } catch {
    const parent = dirname(folder);
    return parent === folder ? folder : nearestExisting(parent);
  }
}
