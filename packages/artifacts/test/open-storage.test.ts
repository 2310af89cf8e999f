import { openStorage } from '@video-proxy/artifacts';
import { expect, test } from 'vitest';
import { openWorkspace } from './workspace.ts';

const s3 = { endpoint: null, region: 'us-east-1', forcePathStyle: false, credentials: null };

test('file:///path keeps files below that path', async () => {
  await using workspace = await openWorkspace();
  const storage = openStorage(`file://${workspace.directory}/with%20space`, s3);
  await storage.put('ab/video_1.mp4', await workspace.write('local', 'content'));
  expect(await workspace.list('with space/ab')).toEqual(['video_1.mp4']);
});

test.each([
  ['s3://bucket/prefix?secret=hunter2', /needs a bucket/],
  ['s3://key:hunter2@bucket/', /needs a bucket/],
  ['s3:///prefix', /needs a bucket/],
  ['ftp://host/path', /"ftp:" is not a kind of storage/],
  ['/data/videos', /has to be a URL/],
  ['', /has to be a URL/],
  ['file:', /needs a path/],
  ['file://data/videos', /three slashes/],
])('STORAGE_URL=%s is refused with the reason', (url, reason) => {
  expect(() => openStorage(url, s3)).toThrow(reason);
  expect(() => openStorage(url, s3)).not.toThrow(/hunter2/);
});
