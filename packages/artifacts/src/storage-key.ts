import type { ValidVideo } from './video-verdict.ts';

const keySizeMax = 200;
const segment = '[A-Za-z0-9_-][A-Za-z0-9._-]*';
const keyPattern = new RegExp(`^${segment}(?:/${segment})*$`);

/** Thrown for a key that could name anything but a file of ours, such as one that climbs out of the storage. */
export class StorageKeyError extends Error {
  override readonly name = 'StorageKeyError';
  readonly code = 'storage_key_invalid';

  constructor() {
    super(
      'A storage key has 1 to 200 letters, digits, ".", "_", "-", in parts divided by "/" that do not begin with "."',
    );
  }
}

/** Every storage calls it first: the key of a job from outside must never become a path of its own choosing. */
export function assertStorageKey(key: string): void {
  if (key.length > keySizeMax || !keyPattern.test(key)) throw new StorageKeyError();
}

const extensions: Readonly<Record<ValidVideo['contentType'], string>> = {
  'video/mp4': 'mp4',
  'video/quicktime': 'mov',
  'video/webm': 'webm',
};

/**
 * Where the video of a job is kept, with its poster beside it: `<last two characters of its id>/<id>.<extension>`, with the number of the attempt behind the
 * id from the second on, so that the file of an earlier attempt is never taken for, or deleted instead of, that of a later one.
 * The end of an id is random, so that the files spread evenly over at most 1024 directories, and a person who knows an id finds
 * its file without a calculation.
 */
export function videoKey(jobId: string, attempt: number, contentType: ValidVideo['contentType']): string {
  return keyOf(jobId, attempt, extensions[contentType]);
}

export function posterKey(jobId: string, attempt: number): string {
  return keyOf(jobId, attempt, 'jpg');
}

function keyOf(jobId: string, attempt: number, extension: string): string {
  const name = attempt === 1 ? jobId : `${jobId}.${attempt}`;
  const key = `${jobId.slice(-2)}/${name}.${extension}`;
  assertStorageKey(key);
  return key;
}
