import { type FileHandle, open } from 'node:fs/promises';
import { contentKindBytes, contentKindOf, fileKinds } from './content-kind.ts';
import { inspectTracks } from './inspect-tracks.ts';
import { flawOfIsobmffLayout } from './isobmff-layout.ts';
import { flawOfMatroskaLayout } from './matroska-layout.ts';
import { sizeInWords } from './sizes.ts';
import { cutOffVideo, invalidVideo, type VideoVerdict } from './video-verdict.ts';

/**
 * Whether a file is a whole video, from the outside in: what its first bytes say, whether its container is complete, whether its
 * tracks hold what they announce. Reads a few parts of the file only, whatever its size. Rejects when the file cannot be read.
 */
export async function inspectVideo(path: string): Promise<VideoVerdict> {
  await using file = await open(path, 'r');
  const { size } = await file.stat();
  if (size === 0) return cutOffVideo('an empty file instead of a video', 'file_empty');

  const kind = contentKindOf(await readHead(file));
  if (kind.container === null) {
    const finding = `${fileKinds[kind.name]} of ${sizeInWords(size)} instead of a video`;
    return invalidVideo(finding, 'file_not_a_video', { kind: kind.name, bytes: size });
  }

  const flawOfLayout = kind.container === 'isobmff' ? flawOfIsobmffLayout : flawOfMatroskaLayout;
  return (await flawOfLayout(file, size)) ?? (await inspectTracks(file, size));
}

async function readHead(file: FileHandle): Promise<Uint8Array> {
  const head = new Uint8Array(contentKindBytes);
  const { bytesRead } = await file.read(head, 0, contentKindBytes, 0);
  return head.subarray(0, bytesRead);
}
