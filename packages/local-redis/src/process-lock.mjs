import { execFileSync } from 'node:child_process';
import { linkSync, readFileSync, readlinkSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';

/**
 * @typedef {object} Holder
 * @property {number} pid
 * @property {string} startedAt tells a process from a later one with the same pid
 * @property {string} realm the machine and process namespace the pid means something in
 *
 * @typedef {{ kind: 'acquired', release: () => void }
 *   | { kind: 'held', pid: number }
 *   | { kind: 'held_elsewhere', realm: string }} ProcessLock
 */

const TAKEOVER_ATTEMPTS_MAX = 5;

/**
 * Takes a lock file that ends with its process, however that ends: a holder that is gone is replaced. A pid alone would
 * not do, because a restarted container hands out the same small pids again.
 *
 * A holder in another container or on another machine cannot be looked up; then `held_elsewhere` is the answer unless
 * `elsewhereIsGone` says better.
 *
 * @param {string} path
 * @param {{ elsewhereIsGone?: () => Promise<boolean> }} [options]
 * @returns {Promise<ProcessLock>}
 */
export async function acquireProcessLock(path, { elsewhereIsGone = async () => false } = {}) {
  const mine = JSON.stringify(thisProcess());
  for (let attempt = 1; attempt <= TAKEOVER_ATTEMPTS_MAX; attempt += 1) {
    if (createWhole(path, mine)) return { kind: 'acquired', release: () => releaseIfMine(path, mine) };
    const seen = readOrEmpty(path);
    const holder = parseHolder(seen);
    if (holder !== undefined) {
      if (holder.realm !== thisRealm()) {
        if (!(await elsewhereIsGone())) return { kind: 'held_elsewhere', realm: holder.realm };
      } else if (startTimeOf(holder.pid) === holder.startedAt) {
        return { kind: 'held', pid: holder.pid };
      }
    }
    removeIfStill(path, seen);
  }
  throw new Error(`The lock ${path} keeps changing hands`);
}

/**
 * The file appears with its content or not at all: link() refuses when the name is taken.
 *
 * @param {string} path
 * @param {string} content
 */
function createWhole(path, content) {
  const draft = `${path}.${process.pid}`;
  writeFileSync(draft, content, { mode: 0o600 });
  try {
    linkSync(draft, path);
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    if (['EPERM', 'ENOTSUP', 'ENOSYS'].includes(codeOf(error))) return createExclusively(path, content);
    throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}

/**
 * For file systems without hard links. A reader in the instant before the content is there takes it for no lock.
 *
 * @param {string} path
 * @param {string} content
 */
function createExclusively(path, content) {
  try {
    writeFileSync(path, content, { mode: 0o600, flag: 'wx' });
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  }
}

/**
 * Two processes may find the same dead holder. The slower one would remove the lock the faster one has just taken, so
 * what was moved away is compared and given back when it is not what was judged.
 *
 * @param {string} path
 * @param {string} judged
 */
function removeIfStill(path, judged) {
  const aside = `${path}.stale.${process.pid}`;
  try {
    renameSync(path, aside);
    if (readOrEmpty(aside) !== judged) linkSync(aside, path);
  } catch (error) {
    if (!['ENOENT', 'EEXIST'].includes(codeOf(error))) throw error;
  } finally {
    rmSync(aside, { force: true });
  }
}

/**
 * @param {string} path
 * @param {string} mine
 */
function releaseIfMine(path, mine) {
  if (readOrEmpty(path) === mine) rmSync(path, { force: true });
}

/** @param {string} path */
function readOrEmpty(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return '';
    throw error;
  }
}

/**
 * @param {string} content
 * @returns {Holder | undefined} undefined for a file that no version of this module wrote
 */
function parseHolder(content) {
  try {
    const { pid, startedAt, realm } = JSON.parse(content);
    return typeof pid === 'number' && pid > 0 ? { pid, startedAt, realm } : undefined;
  } catch {
    return undefined;
  }
}

/** @returns {Holder} */
function thisProcess() {
  return { pid: process.pid, startedAt: startTimeOf(process.pid) ?? '', realm: thisRealm() };
}

function thisRealm() {
  try {
    return `${hostname()} ${readlinkSync('/proc/self/ns/pid')}`;
  } catch {
    return hostname();
  }
}

/**
 * @param {number} pid
 * @returns {string | undefined} undefined when there is no such process
 */
function startTimeOf(pid) {
  if (process.platform !== 'linux') return startTimeFromPs(pid);
  try {
    // Field 22, counted after the name: the name is in parentheses and may hold spaces and parentheses itself.
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const isZombie = fields[0] === 'Z';
    const bootId = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    return isZombie ? undefined : `${bootId} ${fields[19]}`;
  } catch {
    return undefined;
  }
}

/** @param {number} pid */
function startTimeFromPs(pid) {
  try {
    return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8', timeout: 2_000 }).trim();
  } catch {
    return undefined;
  }
}

/** @param {unknown} error */
function codeOf(error) {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}
