import { utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { keepRejected } from '../src/rejected-files.ts';
import { openWorkspace } from './workspace.ts';

test('the newest 50 rejected files are kept', async () => {
  await using workspace = await openWorkspace();
  const directory = join(workspace.directory, 'rejected');
  for (let minutes = 1; minutes <= 52; minutes += 1) {
    const path = await workspace.write(`rejected/old-${minutes}`, 'x');
    const date = new Date(Date.now() - minutes * 60_000);
    await utimes(path, date, date);
  }

  await keepRejected(directory, 'video_new', await workspace.write('tmp/part', 'x'));

  const kept = await workspace.list('rejected');
  expect(kept).toHaveLength(50);
  expect(kept).toContainEqual(expect.stringContaining('video_new'));
  expect(kept).not.toContain('old-50');
});
