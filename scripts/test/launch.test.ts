import { join } from 'node:path';
import { spawnProcess } from '@video-proxy/testkit';
import { expect, test } from 'vitest';
import { fakeCheckout } from './fake-checkout.ts';

async function startStaying() {
  const checkout = await fakeCheckout();
  const run = await checkout.run(['api', '--stay']);
  const [, pid] = await run.waitForLine(/^pid (\d+)$/);
  return { run, pid: Number(pid) };
}

test('arguments after the command reach the program', async () => {
  const checkout = await fakeCheckout();
  await using run = await checkout.run(['demo', '--model', 'a b', '']);
  await run.exited;

  expect(run.stdout).toEqual(['program ["demo","--model","a b",""]']);
});

test('the exit code is that of the program', async () => {
  const checkout = await fakeCheckout();
  await using run = await checkout.run(['api', '--fail']);

  expect((await run.exited).code).toBe(7);
});

test('a program ended by a signal ends with 128 + its number', async () => {
  const { run, pid } = await startStaying();
  await using _ = run;

  process.kill(pid, 'SIGKILL');

  expect((await run.exited).code).toBe(137);
});

test('a program that closes when it is asked to decides about the exit code', async () => {
  const { run } = await startStaying();
  await using _ = run;

  run.signal('SIGHUP');

  expect((await run.exited).code).toBe(0);
});

test('one Ctrl-C, which arrives from the terminal and from npm, reaches the program once', async () => {
  const { run } = await startStaying();
  await using _ = run;

  process.kill(-run.pid, 'SIGINT');
  run.signal('SIGINT');
  await run.waitForLine(/got SIGINT/);
  run.signal('SIGHUP');
  await run.exited;

  expect(run.stdout.filter((line) => line === 'got SIGINT')).toHaveLength(1);
});

test('when the launcher is killed, the program goes with it', async () => {
  const { run } = await startStaying();
  await using _ = run;

  run.signal('SIGKILL');

  // The end of the output is waited for, and the program shares it: this resolves only when both are gone.
  expect(await run.exited).toEqual({ code: null, signal: 'SIGKILL' });
});

test('when npm is killed, the program is asked to end', async () => {
  const checkout = await fakeCheckout();
  await using npm = await spawnProcess({
    args: [
      '-e',
      `require('node:child_process').spawn(process.execPath, process.argv.slice(1), { stdio: 'inherit' })`,
    ].concat([join(checkout.root, 'scripts/run.mjs'), 'api', '--stay']),
    env: { ...checkout.env, npm_lifecycle_event: 'api' },
  });
  await npm.waitForLine(/^pid/);

  npm.signal('SIGKILL');

  // Resolves when the last one that shares the output is gone.
  await npm.exited;
  expect(npm.stdout.at(-1)).toBe('got SIGTERM');
});
