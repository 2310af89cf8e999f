import { type ArtifactStorage, type Said, StorageUnavailableError, said } from '@video-proxy/core';
import { recent } from './recent.ts';

/** Whether files can be kept; `finding` is in words for an operator, made from what `said` has. */
export type StorageState =
  | { readonly state: 'ok'; readonly finding: null; readonly said: null }
  | { readonly state: 'unavailable'; readonly finding: string; readonly said: Said };

/** The storage check writes a file, and anybody may ask: it is done at most this often. */
const storageCheckMs = 15_000;
/** A network disk that hangs must not make a route hang. */
const storagePatienceMs = 1_500;

const fine: StorageState = { state: 'ok', finding: null, said: null };

export function watchStorage(storage: Pick<ArtifactStorage, 'check'>, now: () => number): () => Promise<StorageState> {
  return recent(() => stateOf(() => storage.check()), { maxAgeMs: storageCheckMs }, now);
}

async function stateOf(check: () => Promise<void>): Promise<StorageState> {
  const { promise: tooLate, resolve } = Promise.withResolvers<StorageState>();
  const silent = unavailable('The storage does not answer', said('storage_silent'));
  const timer = setTimeout(resolve, storagePatienceMs, silent);
  const checked = check().then(
    () => fine,
    (error: unknown) =>
      error instanceof StorageUnavailableError
        ? unavailable(`Files cannot be kept: ${error.finding}`, error.said)
        : unavailable('Files cannot be kept', said('storage_error', { error: null })),
  );
  const state = await Promise.race([checked, tooLate]);
  clearTimeout(timer);
  return state;
}

function unavailable(finding: string, what: Said): StorageState {
  return { state: 'unavailable', finding, said: what };
}
