import { randomBytes } from 'node:crypto';
import { discardFiles } from '@video-proxy/artifacts';
import type { InputFile } from '@video-proxy/ledger';
import { newVideoJobId } from '@video-proxy/ledger';
import { type Problem, problem } from '../problem.ts';
import { type Medium, mediumOf, namesOfMedia, sizeBytesMax } from './media.ts';
import type { InputFileParts } from './parts.ts';

/** What one owner may keep at a time: more than anybody works with at once, and no way to fill the disk. */
const filesMax = 1_000;
const bytesMax = 5_000_000_000;
const filenameMax = 200;

export interface ArrivedFile {
  readonly owner: string;
  readonly path: string;
  /** The beginning of its content. */
  readonly head: Uint8Array;
  readonly sizeBytes: number;
  readonly filename: string;
  /** The field to correct when it is not taken. */
  readonly param: string;
}

export type KeepOutcome =
  | { readonly kind: 'kept'; readonly file: InputFile }
  | { readonly kind: 'refused'; readonly problem: Problem };

/** Takes over a file that has arrived, if it is one of the media that videos are made from. */
export async function keepInputFile(parts: InputFileParts, arrived: ArrivedFile): Promise<KeepOutcome> {
  const medium = await mediumOf(arrived.head);
  const flaw = flawOf(arrived, medium) ?? (await overQuota(parts, arrived));
  if (flaw !== null) return { kind: 'refused', problem: problem('invalid_request', flaw, arrived.param) };
  if (medium === null) throw new Error('a file without a medium has a flaw');
  const file = newInputFile(parts, arrived, medium);
  await parts.ledger.inputs.create(file);
  try {
    await parts.storage.put(file.storageKey, arrived.path);
  } catch (error) {
    await parts.ledger.inputs.remove(file);
    throw error;
  }
  return { kind: 'kept', file };
}

export function flawOf(
  { sizeBytes, param }: Pick<ArrivedFile, 'sizeBytes' | 'param'>,
  medium: Medium | null,
): string | null {
  if (sizeBytes === 0) return `"${param}" holds an empty file.`;
  if (medium === null) return `"${param}" has to be ${namesOfMedia}, by its content.`;
  const limit = sizeBytesMax[medium.kind];
  const megabytes = Math.round(limit / 1024 / 1024);
  return sizeBytes > limit ? `"${param}" holds ${medium.kind} of more than ${megabytes} MB.` : null;
}

async function overQuota({ ledger }: InputFileParts, { owner, sizeBytes }: ArrivedFile): Promise<string | null> {
  const used = await ledger.inputs.usageOf(owner);
  if (used.count < filesMax && used.sizeBytes + sizeBytes <= bytesMax) return null;
  return `There is room for ${filesMax} files and ${bytesMax / 1e9} GB at a time. Delete some with DELETE /v1/files/{id}.`;
}

function newInputFile({ now }: InputFileParts, arrived: ArrivedFile, { contentType, extension }: Medium): InputFile {
  const createdAtMs = now();
  const ulid = newVideoJobId(createdAtMs).slice('video_'.length);
  return {
    id: `file_${ulid}`,
    owner: arrived.owner,
    filename: arrived.filename.toWellFormed().slice(0, filenameMax),
    contentType,
    sizeBytes: arrived.sizeBytes,
    storageKey: `inputs/${ulid.slice(-2)}/${ulid}.${extension}`,
    secret: randomBytes(16).toString('base64url'),
    createdAtMs,
  };
}

/** Removes a file for good; one that cannot be deleted now is deleted later. */
export async function deleteInputFile({ ledger, storage }: InputFileParts, file: InputFile): Promise<void> {
  await discardFiles({ storage, leftFiles: ledger.leftFiles }, [file.storageKey]);
  await ledger.inputs.remove(file);
}
