import type { FileHandle } from 'node:fs/promises';
import { cutOffVideo, type InvalidVideo, invalidVideo } from './video-verdict.ts';

const elementHeaderBytesMax = 12;
const segmentId = 0x18538067;

interface Element {
  readonly id: number;
  readonly bodyPosition: number;
  /** Null when the writer did not know it, as in a recording of something live (RFC 8794, section 6.2). */
  readonly bodySizeBytes: number | null;
}

/**
 * Checks that the one segment of a WebM file (RFC 9559, section 4.5), after its EBML header, lies within the file.
 * Returns null when nothing is wrong.
 */
export async function flawOfMatroskaLayout(file: FileHandle, fileSizeBytes: number): Promise<InvalidVideo | null> {
  const header = await readElement(file, 0);
  if (header === null || header.bodySizeBytes === null) return invalidVideo('a damaged WebM file', 'file_damaged');
  const segment = await readElement(file, header.bodyPosition + header.bodySizeBytes);
  if (segment?.id !== segmentId) return cutOffVideo('a WebM file without content', 'file_without_content');
  if (segment.bodySizeBytes === null) return null;
  const end = segment.bodyPosition + segment.bodySizeBytes;
  if (end <= fileSizeBytes) return null;
  const finding = `a WebM file that is cut off: ${fileSizeBytes} of ${end} bytes`;
  return cutOffVideo(finding, 'file_cut_off', { bytes: fileSizeBytes, bytes_min: end });
}

async function readElement(file: FileHandle, position: number): Promise<Element | null> {
  const header = Buffer.alloc(elementHeaderBytesMax);
  await file.read(header, 0, elementHeaderBytesMax, position);
  const idBytes = lengthOfNumber(header[0] ?? 0);
  const sizeBytes = lengthOfNumber(header[idBytes] ?? 0);
  if (idBytes > 4 || sizeBytes > 8) return null;
  // Exact even for 56 bits, where "not known" is every bit set.
  const digits = header.subarray(idBytes, idBytes + sizeBytes).reduce((value, byte) => value * 256n + BigInt(byte), 0n);
  const marker = 1n << BigInt(7 * sizeBytes);
  const bodySize = digits - marker;
  return {
    id: header.readUIntBE(0, idBytes),
    bodyPosition: position + idBytes + sizeBytes,
    bodySizeBytes: bodySize === marker - 1n ? null : Number(bodySize),
  };
}

/** How many bytes a variable-length EBML number has: one more than its leading zero bits (RFC 8794, section 4). 9 when it is none. */
function lengthOfNumber(firstByte: number): number {
  return Math.clz32(firstByte) - 23;
}
