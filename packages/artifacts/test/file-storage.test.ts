import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { openFileStorage, videoKey } from '@video-proxy/artifacts';
import { expect, test } from 'vitest';
import { describeArtifactStorage } from './describe-artifact-storage.ts';
import { openWorkspace } from './workspace.ts';

describeArtifactStorage('file', async () => {
  const workspace = await openWorkspace();
  const storage = openFileStorage({ directory: join(workspace.directory, 'videos') });
  return { storage, [Symbol.asyncDispose]: () => workspace[Symbol.asyncDispose]() };
});

const sharedMemory = '/dev/shm';
const hasSecondFileSystem = await stat(sharedMemory).then(
  () => true,
  () => false,
);

test.runIf(hasSecondFileSystem)(
  'takes over a file from another file system, where a rename is not possible',
  async () => {
    await using workspace = await openWorkspace();
    await using elsewhere = await openWorkspace(sharedMemory);
    const storage = openFileStorage({ directory: workspace.directory });
    await storage.put('ab/video_1.mp4', await elsewhere.write('local', 'content'));
    expect(await storage.stat('ab/video_1.mp4')).toEqual({ sizeBytes: 7 });
    expect(await elsewhere.list('.')).toEqual([]);
    expect(await workspace.list('.incoming')).toEqual([]);
  },
);

test('a check that fails names the reason', async () => {
  await using workspace = await openWorkspace();
  const path = await workspace.write('occupied', 'a file, not a directory');
  await expect(openFileStorage({ directory: path }).check()).rejects.toThrow(
    /^Files cannot be kept: there is a file where a folder should be \(ENOTDIR\)/,
  );
});

test('a check leaves no file behind', async () => {
  await using workspace = await openWorkspace();
  await openFileStorage({ directory: workspace.directory }).check();
  expect(await workspace.list('.incoming')).toEqual([]);
});

test('a key tells the job and the kind of file, and spreads jobs over directories by the random end of their ids', () => {
  expect(videoKey('video_01k8z3v9q4n7x2m5t6r8w0y1kf', 1, 'video/mp4')).toBe('kf/video_01k8z3v9q4n7x2m5t6r8w0y1kf.mp4');
  expect(videoKey('video_01k8z3v9q4n7x2m5t6r8w0y1kf', 2, 'video/webm')).toBe(
    'kf/video_01k8z3v9q4n7x2m5t6r8w0y1kf.2.webm',
  );
  expect(() => videoKey('../../etc/passwd', 1, 'video/mp4')).toThrow(
    expect.objectContaining({ code: 'storage_key_invalid' }),
  );
});
