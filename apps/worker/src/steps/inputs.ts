import { readWhole } from '@video-proxy/artifacts';
import {
  type Found,
  inputIdOf,
  isInputId,
  type JsonObject,
  StorageUnavailableError,
  textsOf,
  type VideoJob,
  withTexts,
} from '@video-proxy/core';
import type { WorkerParts } from '../worker-parts.ts';

export type InputsOutcome =
  | { readonly kind: 'ready'; readonly parameters: JsonObject }
  /** The file that a parameter names is gone, so that the request cannot be sent any more. */
  | { readonly kind: 'gone'; readonly param: string }
  /** It is there, and cannot be read now. */
  | (Found & { readonly kind: 'unavailable' });

/**
 * The parameters as the provider takes them: pictures that the job only names are put into the request, as data: URIs (documented
 * for most fields). They are small enough for that since they were taken in.
 */
export async function withInputs(parts: InputParts, job: Pick<VideoJob, 'parameters'>): Promise<InputsOutcome> {
  try {
    return await read(parts, job);
  } catch (error) {
    if (error instanceof StorageUnavailableError) {
      return { kind: 'unavailable', finding: error.finding, said: error.said };
    }
    throw error;
  }
}

type InputParts = Pick<WorkerParts, 'ledger' | 'storage' | 'now'>;

async function read(
  { ledger, storage, now }: InputParts,
  { parameters }: Pick<VideoJob, 'parameters'>,
): Promise<InputsOutcome> {
  const contents = new Map<string, string>();
  for (const { text, param } of textsOf(parameters)) {
    const id = inputIdOf(text);
    if (id === null || contents.has(text)) continue;
    const file = await ledger.inputs.get(id);
    if (file === null) return { kind: 'gone', param };
    await ledger.inputs.used(id, now());
    // A film or a sound is fetched by the provider.
    if (!isInputId(text)) continue;
    const content = await readWhole(storage, file.storageKey);
    if (content === null) return { kind: 'gone', param };
    contents.set(text, `data:${file.contentType};base64,${content.toString('base64')}`);
  }
  return { kind: 'ready', parameters: contents.size === 0 ? parameters : withTexts(parameters, contents) };
}
