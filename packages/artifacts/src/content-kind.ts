/** What the first bytes of a file say it is: one of the two containers that can be a video here, or the name of something else. */
export type ContentKind =
  | { readonly container: 'isobmff' }
  | { readonly container: 'matroska' }
  | { readonly container: null; readonly name: string };

/** How many bytes `contentKindOf` looks at. */
export const contentKindBytes = 1024;

const isobmffBoxes: readonly string[] = ['ftyp', 'moov', 'mdat', 'free', 'skip', 'wide', 'pnot'];

const signatures: readonly { readonly bytes: readonly number[]; readonly name: string }[] = [
  { bytes: [0xff, 0xd8, 0xff], name: 'a JPEG image' },
  { bytes: [0x89, 0x50, 0x4e, 0x47], name: 'a PNG image' },
  { bytes: [0x47, 0x49, 0x46, 0x38], name: 'a GIF image' },
  { bytes: [0x52, 0x49, 0x46, 0x46], name: 'a RIFF file (AVI, WAV or WebP)' },
  { bytes: [0x46, 0x4c, 0x56, 0x01], name: 'an FLV file' },
  { bytes: [0x4f, 0x67, 0x67, 0x53], name: 'an Ogg file' },
  { bytes: [0x49, 0x44, 0x33], name: 'an MP3 file' },
  { bytes: [0x1f, 0x8b], name: 'a gzip archive' },
  { bytes: [0x50, 0x4b, 0x03, 0x04], name: 'a ZIP archive' },
  { bytes: [0x25, 0x50, 0x44, 0x46], name: 'a PDF document' },
];

export function contentKindOf(head: Uint8Array): ContentKind {
  if (isobmffBoxes.includes(latin1(head.subarray(4, 8)))) return { container: 'isobmff' };
  if (startsWith(head, [0x1a, 0x45, 0xdf, 0xa3])) return { container: 'matroska' };
  const signature = signatures.find(({ bytes }) => startsWith(head, bytes));
  return { container: null, name: signature?.name ?? textNameOf(head) ?? 'unrecognised data' };
}

function textNameOf(head: Uint8Array): string | null {
  if (!head.every(isTextByte)) return null;
  const text = new TextDecoder().decode(head).trimStart().toLowerCase();
  if (text.startsWith('<!doctype html') || (text.startsWith('<') && text.includes('<html'))) return 'an HTML page';
  if (text.startsWith('<')) return 'an XML document';
  if (text.startsWith('{') || text.startsWith('[')) return 'a JSON document';
  if (text.startsWith('#extm3u')) return 'an HLS playlist';
  return 'a text';
}

/** Anything but control characters; tab to carriage return and escape do occur in texts. */
function isTextByte(byte: number): boolean {
  return byte >= 0x20 || (byte >= 0x09 && byte <= 0x0d) || byte === 0x1b;
}

function startsWith(head: Uint8Array, bytes: readonly number[]): boolean {
  return bytes.every((byte, index) => head[index] === byte);
}

function latin1(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes);
}
