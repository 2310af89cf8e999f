import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { spawnProcess } from '@video-proxy/testkit';
import { expect, test } from 'vitest';
import { acquireProcessLock } from '../src/process-lock.mjs';
import { temporaryDirectory } from './temporary-directory.ts';

const MODULE = new URL('../src/process-lock.mjs', import.meta.url).href;
const HOLDER = `import { acquireProcessLock } from '${MODULE}';
console.log((await acquireProcessLock(process.argv[1])).kind);
setInterval(() => {}, 1000);`;

async function lockPath(): Promise<string> {
  return join(await temporaryDirectory(), 'lock');
}

function startHolder(path: string) {
  return spawnProcess({ args: ['--input-type=module', '-e', HOLDER, path] });
}

test('a lock is held until it is released', async () => {
  const path = await lockPath();
  const first = await acquireProcessLock(path);
  expect(await acquireProcessLock(path)).toEqual({ kind: 'held', pid: process.pid });

  if (first.kind === 'acquired') first.release();

  expect(await acquireProcessLock(path)).toMatchObject({ kind: 'acquired' });
});

test('a lock ends with its process, even by SIGKILL', async () => {
  const path = await lockPath();
  await using holder = await startHolder(path);
  await holder.waitForLine(/^acquired$/);
  expect(await acquireProcessLock(path)).toEqual({ kind: 'held', pid: holder.pid });

  holder.signal('SIGKILL');
  await holder.exited;

  expect(await acquireProcessLock(path)).toMatchObject({ kind: 'acquired' });
});

test('another process with the pid of a dead holder does not hold its lock', async () => {
  const path = await lockPath();
  await acquireProcessLock(path);
  const mine = JSON.parse(await readFile(path, 'utf8'));
  await writeFile(path, JSON.stringify({ ...mine, startedAt: 'the boot before' }));

  expect(await acquireProcessLock(path)).toMatchObject({ kind: 'acquired' });
});

test('a holder in another container keeps the lock unless it is known to be gone', async () => {
  const path = await lockPath();
  await writeFile(path, JSON.stringify({ pid: 7, startedAt: 'x', realm: 'another container' }));

  expect(await acquireProcessLock(path)).toEqual({ kind: 'held_elsewhere', realm: 'another container' });
  expect(await acquireProcessLock(path, { elsewhereIsGone: async () => true })).toMatchObject({ kind: 'acquired' });
});

test('a file that is no lock is no obstacle', async () => {
  const path = await lockPath();
  await writeFile(path, 'half a fi');

  expect(await acquireProcessLock(path)).toMatchObject({ kind: 'acquired' });
});

test('of many that find a dead holder, one gets the lock', async () => {
  const path = await lockPath();
  const dead = await startHolder(path);
  await dead.waitForLine(/^acquired$/);
  dead.signal('SIGKILL');
  await dead.exited;

  const holders = await Promise.all(Array.from({ length: 4 }, () => startHolder(path)));
  const kinds = await Promise.all(holders.map(async (holder) => (await holder.waitForLine(/^(acquired|held)/))[0]));
  await Promise.all(holders.map((holder) => holder.close()));

  expect(kinds.filter((kind) => kind === 'acquired')).toHaveLength(1);
});
