const units = ['kB', 'MB', 'GB', 'TB'] as const;

/** A size for a sentence: `1 byte`, `820 bytes`, `1.2 kB`, `37 MB`. */
export function sizeInWords(sizeBytes: number): string {
  if (sizeBytes < 1000) return sizeBytes === 1 ? '1 byte' : `${sizeBytes} bytes`;
  let size = sizeBytes;
  let unit = 'bytes';
  for (const next of units) {
    if (size < 999.5) break;
    size /= 1000;
    unit = next;
  }
  return `${size < 9.95 ? size.toFixed(1) : Math.round(size)} ${unit}`;
}
