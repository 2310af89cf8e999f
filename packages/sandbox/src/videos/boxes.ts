import { bytesContent, type Content, joined, noise } from './content.ts';

/** Where the top-level boxes of an MP4 file in memory begin and end. */
export function topLevelBoxes(file: Uint8Array): { readonly type: string; readonly bytes: Uint8Array }[] {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const boxes: { type: string; bytes: Uint8Array }[] = [];
  for (let at = 0; at + 8 <= file.length; ) {
    const short = view.getUint32(at);
    const sizeBytes = short === 1 ? Number(view.getBigUint64(at + 8)) : short;
    if (sizeBytes < 8) break;
    const type = Buffer.from(file.subarray(at + 4, at + 8)).toString('latin1');
    boxes.push({ type, bytes: file.subarray(at, at + sizeBytes) });
    at += sizeBytes;
  }
  return boxes;
}

const shortHeaderBytes = 8;
const longHeaderBytes = 16;

/** A `free` box, which players skip, with a text in it. */
export function textBox(text: string): Content {
  const payload = Buffer.from(text);
  return bytesContent(Buffer.concat([freeHeader(shortHeaderBytes + payload.length), payload]));
}

/** A `free` box of at least this size. */
export function paddingBox(sizeBytes: number): Content {
  const header = freeHeader(Math.max(sizeBytes, longHeaderBytes));
  return joined(bytesContent(header), noise(Math.max(sizeBytes, longHeaderBytes) - header.length));
}

function freeHeader(sizeBytes: number): Uint8Array {
  if (sizeBytes < 2 ** 32) {
    const header = Buffer.alloc(shortHeaderBytes);
    header.writeUInt32BE(sizeBytes, 0);
    header.write('free', 4, 'latin1');
    return header;
  }
  const header = Buffer.alloc(longHeaderBytes);
  header.writeUInt32BE(1, 0);
  header.write('free', 4, 'latin1');
  header.writeBigUInt64BE(BigInt(sizeBytes), 8);
  return header;
}
