const byExtension: Readonly<Record<string, string>> = {
  mp4: 'video/mp4',
  mov: 'video/quicktime',
  webm: 'video/webm',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  png: 'image/png',
  webp: 'image/webp',
  gif: 'image/gif',
  mp3: 'audio/mpeg',
  wav: 'audio/wav',
};

/** The type of a file of ours, by the end of its key, which we chose ourselves when we knew what is in it. */
export function contentTypeOf(key: string): string {
  return byExtension[key.slice(key.lastIndexOf('.') + 1)] ?? 'application/octet-stream';
}
