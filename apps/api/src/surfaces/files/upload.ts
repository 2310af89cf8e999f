import type { InputFile } from '@video-proxy/ledger';
import type { FastifyRequest } from 'fastify';
import { askerOf, ownerOf } from '../../asker.ts';
import { anySizeBytesMax, arrive, type InputFileParts, keepInputFile } from '../../input-files/index.ts';
import { problem, Refusal } from '../../problem.ts';

/** The file in the field `file` of a multipart request, kept for its sender. */
export async function keepUpload(request: FastifyRequest, parts: InputFileParts): Promise<InputFile> {
  const owner = ownerOf(askerOf(request));
  if (!request.isMultipart()) {
    throw new Refusal(problem('unsupported_media_type', 'Send the file as multipart/form-data.', 'content-type'));
  }
  for await (const part of request.parts()) {
    if (part.type !== 'file') continue;
    if (part.fieldname !== 'file') {
      throw new Refusal(
        problem('invalid_request', `Unknown field "${part.fieldname}": the file goes into "file".`, part.fieldname),
      );
    }
    await using arrived = await arrive(parts.temporaryDirectory, part.file, anySizeBytesMax);
    if (arrived.isTooLarge) {
      const text = `"file" holds more than ${anySizeBytesMax / 1024 / 1024} MB.`;
      throw new Refusal(problem('request_too_large', text, 'file'));
    }
    const kept = await keepInputFile(parts, { ...arrived, owner, filename: part.filename, param: 'file' });
    if (kept.kind === 'refused') throw new Refusal(kept.problem);
    return kept.file;
  }
  throw new Refusal(problem('invalid_request', '"file" is required.', 'file'));
}
