import type { FileHandle } from 'node:fs/promises';
import { sizeInWords } from './sizes.ts';
import { cutOffVideo, type InvalidVideo, invalidVideo } from './video-verdict.ts';

/** Boxes that a parser reads whole; the index of the longest video is far smaller than the limit. */
const indexTypes: readonly string[] = ['moov', 'moof', 'mfra'];
const indexSizeBytesMax = 32 * 1024 * 1024;
const boxCountMax = 100_000;
const headerBytesMin = 8;
const headerBytesMax = 16;

interface Box {
  readonly type: string;
  readonly sizeBytes: number;
}

/**
 * Walks the outermost boxes of an MP4 or QuickTime file (ISO/IEC 14496-12, section 4.2), which between them have to fill it.
 * This is what notices a download that stopped in the middle of the pictures: players and parsers only miss them when they get
 * there. Returns null when nothing is wrong.
 */
export async function flawOfIsobmffLayout(file: FileHandle, fileSizeBytes: number): Promise<InvalidVideo | null> {
  const seen = new Set<string>();
  let position = 0;
  for (let count = 0; fileSizeBytes - position >= headerBytesMin; count += 1) {
    const box = await readBox(file, position, fileSizeBytes);
    if (box === null || count === boxCountMax) {
      // Padding after the last box does no harm to a player.
      if (seen.has('moov') && seen.has('mdat')) break;
      return invalidVideo('a damaged MP4 file', 'file_damaged');
    }
    position += box.sizeBytes;
    if (position > fileSizeBytes) {
      const finding = `an MP4 file that is cut off: ${fileSizeBytes} of at least ${position} bytes`;
      return cutOffVideo(finding, 'file_cut_off', { bytes: fileSizeBytes, bytes_min: position });
    }
    if (indexTypes.includes(box.type) && box.sizeBytes > indexSizeBytesMax) {
      const finding = `an MP4 file with an index of ${sizeInWords(box.sizeBytes)}`;
      return invalidVideo(finding, 'file_large_index', { bytes: box.sizeBytes });
    }
    seen.add(box.type);
  }
  if (!seen.has('moov')) {
    return cutOffVideo('an MP4 file without its index ("moov"), which no player can open', 'file_without_index');
  }
  if (!seen.has('mdat')) return cutOffVideo('an MP4 file without pictures ("mdat")', 'file_without_pictures');
  return null;
}

/** The box that begins at `position`; null when these bytes cannot be the beginning of one. */
async function readBox(file: FileHandle, position: number, fileSizeBytes: number): Promise<Box | null> {
  const header = Buffer.alloc(headerBytesMax);
  await file.read(header, 0, headerBytesMax, position);
  const type = header.toString('latin1', 4, 8);
  if (!/^[ -~\xa9]{4}$/.test(type)) return null;
  const size = header.readUInt32BE(0);
  // 0: the box reaches to the end of the file. 1: the size needs 64 bits and follows the type.
  if (size === 0) return { type, sizeBytes: fileSizeBytes - position };
  const sizeBytes = size === 1 ? Number(header.readBigUInt64BE(8)) : size;
  return sizeBytes >= (size === 1 ? headerBytesMax : headerBytesMin) ? { type, sizeBytes } : null;
}
