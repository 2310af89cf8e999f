import { isInputId, type JsonObject, type PlacedText, textsOf, withTexts } from '@video-proxy/core';
import type { InputFile } from '@video-proxy/ledger';
import { linkFlaw } from '@video-proxy/outbound/link-flaw';
import { type Asker, mayAccess, ownerOf } from '../asker.ts';
import { type Problem, problem } from '../problem.ts';
import { arrive } from './arrival.ts';
import { flawOf, keepInputFile } from './keep.ts';
import { anySizeBytesMax, headBytes, kindOfType, mediumOf } from './media.ts';
import type { InputFileParts } from './parts.ts';

/** A larger embedded file is kept beside the job: its record stands in Redis and is read at every step. */
const embeddedMax = 16_384;

export type UseOutcome =
  | { readonly kind: 'ready'; readonly parameters: JsonObject }
  | { readonly kind: 'refused'; readonly problem: Problem };

const link = /^https?:\/\//i;
const dataUri = /^data:([\w.+-]+\/[\w.+-]+)((?:;[\w.+=-]+)*),/i;

/**
 * Checks what a request gives to make a video from, before anything can cost money: links by their form, embedded files by
 * their content, ids of uploads by their owner. What it returns is what the job keeps.
 */
export async function useInputs(parts: InputFileParts, asker: Asker, parameters: JsonObject): Promise<UseOutcome> {
  const given = textsOf(parameters).filter(
    ({ text }) => link.test(text) || dataUri.test(text.slice(0, 200)) || isInputId(text),
  );
  const replacements = new Map<string, string>();
  for (const placed of given) {
    const kept = await useOne(parts, asker, placed);
    if (typeof kept !== 'string') return { kind: 'refused', problem: kept };
    if (kept !== placed.text) replacements.set(placed.text, kept);
  }
  return { kind: 'ready', parameters: replacements.size === 0 ? parameters : withTexts(parameters, replacements) };
}

/** Whether a request holds files that would be kept beside its job: a repeated one must not keep them again. */
export function keepsInputs(parameters: JsonObject): boolean {
  return textsOf(parameters).some(({ text }) => text.length > embeddedMax && dataUri.test(text.slice(0, 200)));
}

/** What the job keeps in the place of this text, or why it is not taken. */
async function useOne(parts: InputFileParts, asker: Asker, placed: PlacedText): Promise<string | Problem> {
  if (isInputId(placed.text)) return useUpload(parts, asker, placed);
  if (!link.test(placed.text)) return useEmbedded(parts, asker, placed);
  const flaw = linkFlaw(placed.text, parts.allowedHosts);
  return flaw === null ? placed.text : invalid(`"${placed.param}" ${flaw}.`, placed);
}

const invalid = (text: string, { param }: PlacedText): Problem => problem('invalid_request', text, param);

async function useUpload(parts: InputFileParts, asker: Asker, placed: PlacedText): Promise<string | Problem> {
  const file = await parts.ledger.inputs.get(placed.text);
  if (file === null || !mayAccess(asker, file)) {
    return invalid(`"${placed.param}": there is no file ${placed.text}, or it has been deleted.`, placed);
  }
  await parts.ledger.inputs.used(file.id, parts.now());
  return handedOver(parts, file, placed);
}

/** Pictures travel inside the request to the provider; films and sounds are fetched by it (documented), so they need a public link. */
function handedOver({ publicBaseUrl }: InputFileParts, file: InputFile, placed: PlacedText): string | Problem {
  const kind = kindOfType(file.contentType);
  if (kind === 'image') return file.id;
  if (publicBaseUrl !== null) return `${publicBaseUrl}/f/${inputTokenOf(file)}`;
  const text = `"${placed.param}": the video provider has to fetch ${kind} from this service, which needs PUBLIC_BASE_URL for that. Use a public https link instead.`;
  return invalid(text, placed);
}

export function inputTokenOf({ id, secret }: Pick<InputFile, 'id' | 'secret'>): string {
  return id.slice('file_'.length) + secret;
}

async function useEmbedded(parts: InputFileParts, asker: Asker, placed: PlacedText): Promise<string | Problem> {
  const [prefix = '', claimed = '', attributes = ''] = dataUri.exec(placed.text) ?? [];
  if (!attributes.toLowerCase().endsWith(';base64')) return invalid(`"${placed.param}" has to be base64.`, placed);
  const encoded = placed.text.slice(prefix.length);
  if (!/^[A-Za-z0-9+/\s]*={0,2}$/.test(encoded)) return invalid(`"${placed.param}" is not valid base64.`, placed);
  const content = Buffer.from(encoded, 'base64');
  const medium = await mediumOf(content.subarray(0, headBytes));
  const flaw = flawOf({ sizeBytes: content.length, param: placed.param }, medium);
  if (flaw !== null) return invalid(flaw, placed);
  if (kindOfType(claimed.toLowerCase().replace('image/jpg', 'image/jpeg')) !== medium?.kind) {
    return invalid(`"${placed.param}" says that it is ${claimed}, and is ${medium?.contentType}.`, placed);
  }
  if (placed.text.length <= embeddedMax) return placed.text;
  await using arrived = await arrive(parts.temporaryDirectory, [content], anySizeBytesMax);
  const filename = `embedded.${medium?.extension ?? 'bin'}`;
  const kept = await keepInputFile(parts, { ...arrived, owner: ownerOf(asker), filename, param: placed.param });
  return kept.kind === 'refused' ? kept.problem : handedOver(parts, kept.file, placed);
}
