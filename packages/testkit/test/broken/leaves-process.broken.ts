import { test } from 'vitest';
import { spawnProcess } from '../../src/index.ts';

test('passes but leaves a process', async () => {
  await spawnProcess({ args: ['-e', 'setInterval(() => {}, 1000)'] });
});
