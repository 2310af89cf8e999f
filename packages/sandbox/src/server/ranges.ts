/** A part of a file: first byte, and the one after the last. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** Reads a `Range` header. Null means the whole file: no header, several ranges, or another unit. */
export function readRange(header: string | undefined, sizeBytes: number): Span | 'unsatisfiable' | null {
  const [, first, last] = /^bytes=(\d*)-(\d*)$/.exec(header ?? '') ?? [];
  if (first === undefined || last === undefined || (first === '' && last === '')) return null;
  if (first === '') {
    const start = Math.max(sizeBytes - Number(last), 0);
    return start < sizeBytes ? { start, end: sizeBytes } : 'unsatisfiable';
  }
  const start = Number(first);
  const end = last === '' ? sizeBytes : Math.min(Number(last) + 1, sizeBytes);
  return start < end ? { start, end } : 'unsatisfiable';
}
