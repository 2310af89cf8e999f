export function isErrorCode(error: unknown, ...codes: readonly string[]): boolean {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' && codes.includes(error.code);
}

/** For `.catch()`: a file or directory that is not there is null, everything else stays an error. */
export function nullIfMissing(error: unknown): null {
  if (isErrorCode(error, 'ENOENT', 'ENOTDIR')) return null;
  throw error;
}
