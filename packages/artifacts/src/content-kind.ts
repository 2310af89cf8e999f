import type { FileKind } from '@video-proxy/core';

/** What the first bytes of a file say it is: one of the two containers that can be a video here, or the name of something else. */
export type ContentKind =
  | { readonly container: 'isobmff' }
  | { readonly container: 'matroska' }
  | { readonly container: null; readonly name: FileKind };

/** What each is called in a finding. */
export const fileKinds: Readonly<Record<FileKind, string>> = {
  jpeg: 'a JPEG image',
  png: 'a PNG image',
  gif: 'a GIF image',
  riff: 'a RIFF file (AVI, WAV or WebP)',
  flv: 'an FLV file',
  ogg: 'an Ogg file',
  mp3: 'an MP3 file',
  gzip: 'a gzip archive',
  zip: 'a ZIP archive',
  pdf: 'a PDF document',
  html: 'an HTML page',
  xml: 'an XML document',
  json: 'a JSON document',
  hls: 'an HLS playlist',
  text: 'a text',
  unknown: 'unrecognised data',
};

/** How many bytes `contentKindOf` looks at. */
export const contentKindBytes = 1024;

const isobmffBoxes: readonly string[] = ['ftyp', 'moov', 'mdat', 'free', 'skip', 'wide', 'pnot'];

const signatures: readonly { readonly bytes: readonly number[]; readonly name: FileKind }[] = [
  { bytes: [0xff, 0xd8, 0xff], name: 'jpeg' },
  { bytes: [0x89, 0x50, 0x4e, 0x47], name: 'png' },
  { bytes: [0x47, 0x49, 0x46, 0x38], name: 'gif' },
  { bytes: [0x52, 0x49, 0x46, 0x46], name: 'riff' },
  { bytes: [0x46, 0x4c, 0x56, 0x01], name: 'flv' },
  { bytes: [0x4f, 0x67, 0x67, 0x53], name: 'ogg' },
  { bytes: [0x49, 0x44, 0x33], name: 'mp3' },
  { bytes: [0x1f, 0x8b], name: 'gzip' },
  { bytes: [0x50, 0x4b, 0x03, 0x04], name: 'zip' },
  { bytes: [0x25, 0x50, 0x44, 0x46], name: 'pdf' },
];

export function contentKindOf(head: Uint8Array): ContentKind {
  if (isobmffBoxes.includes(latin1(head.subarray(4, 8)))) return { container: 'isobmff' };
  if (startsWith(head, [0x1a, 0x45, 0xdf, 0xa3])) return { container: 'matroska' };
  const signature = signatures.find(({ bytes }) => startsWith(head, bytes));
  return { container: null, name: signature?.name ?? textNameOf(head) ?? 'unknown' };
}

function textNameOf(head: Uint8Array): FileKind | null {
  if (!head.every(isTextByte)) return null;
  const text = new TextDecoder().decode(head).trimStart().toLowerCase();
  if (text.startsWith('<!doctype html') || (text.startsWith('<') && text.includes('<html'))) return 'html';
  if (text.startsWith('<')) return 'xml';
  if (text.startsWith('{') || text.startsWith('[')) return 'json';
  if (text.startsWith('#extm3u')) return 'hls';
  return 'text';
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
