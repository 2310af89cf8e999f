import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { spawnProcess } from '../src/index.ts';

const VITEST = fileURLToPath(new URL('../../../node_modules/vitest/vitest.mjs', import.meta.url));
const CONFIG = fileURLToPath(new URL('./broken/vitest.config.ts', import.meta.url));

async function runBroken(file: string) {
  await using run = await spawnProcess({ args: [VITEST, 'run', '--config', CONFIG, file] });
  const { code } = await run.exited;
  return { code, stdout: run.stdout, stderr: run.stderr, lastLine: run.stdout.at(-1) };
}

test('the last line of a run counts passed, failed and skipped tests', async () => {
  expect(await runBroken('mixed')).toMatchObject({ code: 1, lastLine: '1 passed, 1 failed, 1 skipped' });
});

test('a test file that cannot be loaded counts as a failure', async () => {
  expect(await runBroken('unloadable')).toMatchObject({ code: 1, lastLine: '0 passed, 1 failed' });
});

test('a run without a single test file counts as a failure', async () => {
  expect(await runBroken('nowhere')).toMatchObject({ code: 1, lastLine: '0 passed, 1 failed' });
});

test('an error outside of any test counts as a failure', async () => {
  expect(await runBroken('unhandled')).toMatchObject({ code: 1, lastLine: '1 passed, 1 failed' });
});

test('a test file that leaves a process running fails, and the process is ended', async () => {
  const { code, lastLine, stdout, stderr } = await runBroken('leaves-process');

  expect({ code, lastLine }).toEqual({ code: 1, lastLine: '1 passed, 1 failed' });
  const pid = Number(/the process (\d+)/.exec([...stdout, ...stderr].join('\n'))?.[1]);
  await expect.poll(() => isRunning(pid)).toBe(false);
});

/** A process that is only waiting for its parent to look has ended. */
function isRunning(pid: number): boolean {
  const { stdout } = spawnSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' });
  return stdout !== '' && !stdout.startsWith('Z');
}
