import { expect, test } from 'vitest';
import { spawnProcess } from '../src/index.ts';

const STAYS = 'console.log("up"); setInterval(() => {}, 1000);';

test('lines are found whether they were printed before or after asking', async () => {
  await using child = await spawnProcess({ args: ['-e', STAYS] });

  await child.waitForLine(/^up$/);

  expect((await child.waitForLine(/(up)/))[1]).toBe('up');
});

test('waiting for a line ends with the process, and shows what it said', async () => {
  await using child = await spawnProcess({ args: ['-e', 'console.error("cannot go on"); process.exit(3)'] });

  await expect(child.waitForLine(/listening/)).rejects.toThrow(/ended \(3\)[\s\S]*cannot go on/);
  expect(await child.exited).toEqual({ code: 3, signal: null });
});

test('a signal reaches the process', async () => {
  await using child = await spawnProcess({ args: ['-e', STAYS] });
  await child.waitForLine(/up/);

  child.signal('SIGKILL');

  expect(await child.exited).toEqual({ code: null, signal: 'SIGKILL' });
});

test('a process gets only the environment it is given, and the cache of Node', async () => {
  await using child = await spawnProcess({
    args: ['-e', 'console.log(Object.keys(process.env).sort().join())'],
    env: { PORT: '0' },
  });

  await child.exited;

  const cache = process.env['NODE_COMPILE_CACHE'] === undefined ? [] : ['NODE_COMPILE_CACHE'];
  expect(child.stdout).toEqual([['HOME', 'LANG', ...cache, 'PATH', 'PORT'].join()]);
});
