import { fileTypeFromBuffer } from 'file-type';

const megabyte = 1024 * 1024;

/** What the provider takes (documented for most fields), and how large it may be: pictures travel inside the request. */
const media: Readonly<Record<string, { readonly extension: string; readonly kind: MediaKind }>> = {
  'image/png': { extension: 'png', kind: 'image' },
  'image/jpeg': { extension: 'jpg', kind: 'image' },
  'image/webp': { extension: 'webp', kind: 'image' },
  'image/gif': { extension: 'gif', kind: 'image' },
  'video/mp4': { extension: 'mp4', kind: 'video' },
  'video/quicktime': { extension: 'mov', kind: 'video' },
  'video/webm': { extension: 'webm', kind: 'video' },
  'audio/mpeg': { extension: 'mp3', kind: 'audio' },
  'audio/wav': { extension: 'wav', kind: 'audio' },
};

export type MediaKind = 'image' | 'video' | 'audio';

export interface Medium {
  readonly contentType: string;
  readonly extension: string;
  readonly kind: MediaKind;
}

export const sizeBytesMax: Readonly<Record<MediaKind, number>> = {
  image: 20 * megabyte,
  video: 100 * megabyte,
  audio: 20 * megabyte,
};

export const anySizeBytesMax = Math.max(...Object.values(sizeBytesMax));
export const headBytes = 4_100;
export const namesOfMedia = 'PNG, JPEG, WebP, GIF, MP4, MOV, WebM, MP3 or WAV';

/** What a file is by its content, whatever it is called; null for anything that is not taken. */
export async function mediumOf(head: Uint8Array): Promise<Medium | null> {
  const found = await fileTypeFromBuffer(head);
  const contentType = found?.mime.replace('audio/vnd.wave', 'audio/wav') ?? '';
  const known = media[contentType];
  return known === undefined ? null : { contentType, ...known };
}

/** The same of a type that a link or a name claims; null when it is not one of them. */
export function kindOfType(contentType: string): MediaKind | null {
  return media[contentType]?.kind ?? null;
}
