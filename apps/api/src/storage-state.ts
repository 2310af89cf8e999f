import { type ArtifactStorage, StorageUnavailableError } from '@video-proxy/core';
import { recent } from './recent.ts';

/** Whether files can be kept; `finding` is in words for an operator. */
export interface StorageState {
  readonly state: 'ok' | 'unavailable';
  readonly finding: string | null;
}

/** The storage check writes a file, and anybody may ask: it is done at most this often. */
const storageCheckMs = 15_000;
/** A network disk that hangs must not make a route hang. */
const storagePatienceMs = 1_500;

export function watchStorage(storage: Pick<ArtifactStorage, 'check'>, now: () => number): () => Promise<StorageState> {
  return recent(() => stateOf(() => storage.check()), storageCheckMs, now);
}

async function stateOf(check: () => Promise<void>): Promise<StorageState> {
  const { promise: tooLate, resolve } = Promise.withResolvers<string>();
  const timer = setTimeout(resolve, storagePatienceMs, 'The storage does not answer');
  const checked = check().then(
    () => null,
    (error: unknown) =>
      error instanceof StorageUnavailableError ? `Files cannot be kept: ${error.finding}` : 'Files cannot be kept',
  );
  const finding = await Promise.race([checked, tooLate]);
  clearTimeout(timer);
  return { state: finding === null ? 'ok' : 'unavailable', finding };
}
