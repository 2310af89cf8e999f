import { expect, test } from 'vitest';
import { filenameOf } from '../src/surfaces/jobs/filename.ts';

test.each<[string | null, string, string]>([
  ['a red balloon', 'video/mp4', 'a red balloon.mp4'],
  ['  a\n red\tballoon ', 'video/webm', 'a red balloon.webm'],
  ['../../etc/passwd', 'video/mp4', 'etc passwd.mp4'],
  ['C:\\a*b?"<c>|', 'video/quicktime', 'C a b c.mov'],
  ['a\u0000\u202Eb', 'video/mp4', 'a b.mp4'],
  ['...', 'video/mp4', 'video_1.mp4'],
  ['', 'video/mp4', 'video_1.mp4'],
  [null, 'image/jpeg', 'video_1.jpg'],
  ['气球', 'video/mp4', '气球.mp4'],
  [`${'word '.repeat(20)}`, 'video/mp4', `${'word '.repeat(11)}word.mp4`],
  ['🎈'.repeat(80), 'video/mp4', `${'🎈'.repeat(60)}.mp4`],
])('%j as %s is called %j', (prompt, contentType, name) => {
  expect(filenameOf({ id: 'video_1', prompt }, contentType)).toBe(name);
});
