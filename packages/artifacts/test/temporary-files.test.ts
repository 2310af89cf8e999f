import { utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { sweepTemporaryFiles } from '@video-proxy/artifacts';
import { expect, test } from 'vitest';
import { openWorkspace } from './workspace.ts';

test('sweeps what nobody has written to for long enough, and leaves downloads that are under way', async () => {
  await using workspace = await openWorkspace();
  const old = await workspace.write('tmp/old.part', 'left over');
  await workspace.write('tmp/new.part', 'under way');
  const anHourAgo = new Date(Date.now() - 3_600_000);
  await utimes(old, anHourAgo, anHourAgo);

  expect(await sweepTemporaryFiles(join(workspace.directory, 'tmp'), 1_800_000)).toBe(1);

  expect(await workspace.list('tmp')).toEqual(['new.part']);
});

test('finds nothing to sweep where there is no directory yet', async () => {
  await using workspace = await openWorkspace();
  expect(await sweepTemporaryFiles(join(workspace.directory, 'tmp'), 0)).toBe(0);
});
